// Every word of the interface comes from the page (template strategies/editor/_assets.html), in the reader's language.
let known: Map<string, string> | null = null;

const load = (): Map<string, string> => {
  const source = document.querySelector<HTMLTemplateElement>("template#editor-words");
  const items = source ? source.content.querySelectorAll<HTMLElement>("[data-word]") : [];
  return new Map(Array.from(items, (item) => [item.dataset.word!, item.textContent!.trim()]));
};

export const words = (key: string, values: Record<string, string | number> = {}): string => {
  known ??= load();
  return (known.get(key) ?? key).replace(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all));
};

export const clone = (id: string): DocumentFragment => {
  const source = document.querySelector<HTMLTemplateElement>(`template#${id}`);
  if (!source) throw new Error(`The page lacks the template ${id}`);
  return document.importNode(source.content, true);
};

export const time = (moment: Date): string => moment.toLocaleTimeString(document.documentElement.lang || "sv", { hour: "2-digit", minute: "2-digit" });

/** Why nothing can be written: locked for review (by whom and why), frozen, removed, or no right to. */
export const closedWords = (answer: { locked?: string; frozen?: boolean; removed?: boolean }): string =>
  answer.locked || words(answer.frozen ? "closed-frozen" : answer.removed ? "closed-removed" : "closed-role");
