// Native dialogs, whose markup and words stand in the page (template strategies/editor/_assets.html).
import { history } from "prosemirror-history";
import { keymap } from "prosemirror-keymap";
import { Fragment, type Mark, type Node } from "prosemirror-model";
import { EditorState, TextSelection, type Transaction } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { commands, hasMark, insertTable } from "./commands";
import type { Names } from "./nodeviews";
import { HREF, schema } from "./schema";
import { readSelection } from "./selection";
import { ask, Refusal } from "./server";
import { words } from "./words";

const { nodes, marks } = schema;

export interface Places {
  images: string;
  csrf: string;
  person: string;
}

const part = <T extends HTMLElement>(dialog: HTMLDialogElement, name: string): T => {
  const found = dialog.querySelector<T>(`[data-part=${name}]`);
  if (!found) throw new Error(`The dialog ${dialog.id} lacks ${name}`);
  return found;
};

/** Opens a dialog of the page; resolves to the value of the button that closed it ("" for Escape).
 *
 * The text, if it is `view`, has the focus and its cursor again before anything else can happen: the browser gives the
 * focus back with the cursor at the very beginning, and what is typed next would stand there. */
const show = (
  view: EditorView | null,
  id: string,
  prepare: (dialog: HTMLDialogElement) => void,
  check: (dialog: HTMLDialogElement, value: string) => Promise<boolean> | boolean,
): Promise<string> =>
  new Promise((resolve) => {
    const dialog = document.getElementById(id) as HTMLDialogElement;
    const form = dialog.querySelector("form")!;
    const close = (value: string): void => {
      dialog.close(value);
      finish();
    };
    const finish = (): void => {
      form.removeEventListener("submit", submit);
      dialog.removeEventListener("cancel", cancel);
      dialog.removeEventListener("close", finish);
      view?.focus();
      resolve(dialog.returnValue);
    };
    const cancel = (event: Event): void => {
      event.preventDefault();
      close("");
    };
    const submit = async (event: SubmitEvent): Promise<void> => {
      event.preventDefault();
      event.stopPropagation();
      const value = (event.submitter as HTMLButtonElement | null)?.value ?? "ok";
      if (value === "cancel" || (await check(dialog, value))) close(value);
    };
    form.addEventListener("submit", submit);
    dialog.addEventListener("cancel", cancel);
    dialog.addEventListener("close", finish); // closed by the browser itself
    dialog.returnValue = "";
    problem(dialog, "");
    if (view) readSelection(view);
    prepare(dialog);
    dialog.showModal();
  });

const problem = (dialog: HTMLDialogElement, text: string): void => {
  const place = dialog.querySelector<HTMLElement>("[data-part=problem]");
  if (!place) return;
  place.textContent = text;
  place.hidden = !text;
};

export const say = (text: string, view: EditorView | null = null): void => void show(view, "editor-message", (dialog) => (part(dialog, "text").textContent = text), () => true);
export const help = (view: EditorView): void => void show(view, "editor-help", () => undefined, () => true);

// --- Links

const markAround = (view: EditorView): { from: number; to: number; mark: Mark } | null => {
  const { $from } = view.state.selection;
  const mark = marks.link.isInSet([...$from.marks(), ...($from.nodeAfter?.marks ?? [])]);
  if (!mark) return null;
  let from = $from.pos - $from.textOffset;
  let to = from + ($from.textOffset || $from.nodeAfter ? ($from.parent.maybeChild($from.index())?.nodeSize ?? 0) : 0);
  const parent = $from.parent;
  for (let n = $from.index() - 1; n >= 0 && mark.isInSet(parent.child(n).marks); n--) from -= parent.child(n).nodeSize;
  for (let n = $from.index() + 1; n < parent.childCount && mark.isInSet(parent.child(n).marks); n++) to += parent.child(n).nodeSize;
  return { from, to, mark };
};

const address = (typed: string): string => {
  const text = typed.trim();
  if (/^[^\s@/:]+@[^\s@/]+\.[^\s@/]+$/.test(text)) return `mailto:${text}`;
  return /^[a-z][a-z0-9+.-]*:|^[/#]/i.test(text) ? text : `https://${text}`;
};

// Asked for again when the dialog has closed: others may have written meanwhile.
const linkRange = (view: EditorView): { from: number; to: number; mark?: Mark } => {
  const around = markAround(view);
  const { from, to, empty } = view.state.selection;
  return around && (empty || hasMark(view.state, marks.link)) ? around : { from, to, mark: around?.mark };
};

export const link = async (view: EditorView): Promise<void> => {
  const value = await show(
    view,
    "editor-link",
    (dialog) => {
      const { from, to, mark } = linkRange(view);
      part<HTMLInputElement>(dialog, "href").value = (mark?.attrs.href as string | undefined) ?? "";
      part<HTMLInputElement>(dialog, "text").value = view.state.doc.textBetween(from, to, " ");
      part(dialog, "remove").hidden = !mark;
    },
    (dialog, pressed) => {
      if (pressed === "remove" || HREF.test(address(part<HTMLInputElement>(dialog, "href").value))) return true;
      problem(dialog, words("link-wrong"));
      part<HTMLInputElement>(dialog, "href").focus();
      return false;
    },
  );
  if (value === "ok" || value === "remove") {
    const dialog = document.getElementById("editor-link") as HTMLDialogElement;
    const href = address(part<HTMLInputElement>(dialog, "href").value);
    const text = part<HTMLInputElement>(dialog, "text").value.trim() || href;
    const { from, to } = linkRange(view);
    const tr = view.state.tr.removeMark(from, to, marks.link);
    if (value === "ok") {
      let end = to;
      if (view.state.doc.textBetween(from, to, " ") !== text) {
        tr.replaceWith(from, to, schema.text(text, view.state.doc.resolve(from).marks()));
        end = from + text.length;
      }
      tr.addMark(from, end, marks.link.create({ href }));
      tr.setSelection(TextSelection.create(tr.doc, end)).removeStoredMark(marks.link);
    }
    view.dispatch(tr.scrollIntoView());
  }
};

// --- Pictures

const upload = async (places: Places, file: File): Promise<string> => {
  const body = new FormData();
  body.append("image", file);
  const answer = await ask<{ image: string }>(places.images, places.csrf, { method: "POST", body, signal: AbortSignal.timeout(120_000) }, places.person);
  return answer.image;
};

const MOST_IMAGE = 10_000_000;

export const figure = async (view: EditorView, places: Places, pos: number | null = null, given: File | null = null): Promise<void> => {
  const old = pos === null ? null : view.state.doc.nodeAt(pos);
  let image = (old?.attrs.image as string | undefined) ?? "";
  const value = await show(
    view,
    "editor-figure",
    (dialog) => {
      const file = part<HTMLInputElement>(dialog, "file");
      file.value = "";
      if (given) {
        const data = new DataTransfer();
        data.items.add(given);
        file.files = data.files;
      }
      file.required = !old;
      part(dialog, "file-field").hidden = old !== null;
      part<HTMLInputElement>(dialog, "alt").value = (old?.attrs.alt as string | undefined) ?? "";
      part<HTMLInputElement>(dialog, "caption").value = (old?.attrs.caption as string | undefined) ?? "";
      part<HTMLInputElement>(dialog, "decorative").checked = (old?.attrs.decorative as boolean | undefined) ?? false;
      part(dialog, "remove").hidden = !old;
    },
    async (dialog, pressed) => {
      if (pressed === "remove") return true;
      const file = part<HTMLInputElement>(dialog, "file").files?.[0];
      if (!old && !file) return problem(dialog, words("figure-choose")), false;
      if (file && file.size > MOST_IMAGE) return problem(dialog, words("figure-too-large")), false;
      if (!part<HTMLInputElement>(dialog, "decorative").checked && !part<HTMLInputElement>(dialog, "alt").value.trim()) {
        problem(dialog, words("figure-alt-needed"));
        part(dialog, "alt").focus();
        return false;
      }
      if (!file || old) return true;
      const send = dialog.querySelector<HTMLButtonElement>("button[value=ok]")!;
      send.setAttribute("aria-busy", "true");
      try {
        image = await upload(places, file);
        return true;
      } catch (error) {
        problem(dialog, error instanceof Refusal ? error.message : words("figure-no-contact"));
        return false;
      } finally {
        send.removeAttribute("aria-busy");
      }
    },
  );
  const dialog = document.getElementById("editor-figure") as HTMLDialogElement;
  const decorative = part<HTMLInputElement>(dialog, "decorative").checked;
  const attrs = { image, alt: decorative ? "" : part<HTMLInputElement>(dialog, "alt").value.trim(), caption: part<HTMLInputElement>(dialog, "caption").value.trim(), decorative };
  // Others may have moved it meanwhile; the id tells which one it was.
  const now = old ? placeOf(view.state.doc, old.attrs.id as string) : null;
  if (value === "ok" && !old) view.dispatch(withLineAfter(view.state.tr.replaceSelectionWith(nodes.figure.create(attrs))).scrollIntoView());
  if (value === "ok" && now !== null) view.dispatch(view.state.tr.setNodeMarkup(now, undefined, { ...attrs, id: old!.attrs.id as string }));
  if (value === "remove" && now !== null) view.dispatch(view.state.tr.delete(now, now + 1));
};

// A picture or a table at the very end gets a line after it, to go on writing in.
const withLineAfter = (tr: Transaction): Transaction => (tr.doc.lastChild?.isTextblock ? tr : tr.insert(tr.doc.content.size, nodes.paragraph.create()));

const placeOf = (doc: Node, id: string): number | null => {
  let found: number | null = null;
  doc.descendants((node, pos) => {
    if (node.attrs.id === id) found = pos;
    return found === null && !node.isTextblock;
  });
  return found;
};

// --- Footnotes

const linked = (content: Fragment): Fragment => {
  const parts: Node[] = [];
  content.forEach((node) => {
    let at = 0;
    for (const match of (node.text ?? "").matchAll(/https?:\/\/[^\s<>"\\]+[^\s<>"\\.,;:!?)]/g)) {
      if (marks.link.isInSet(node.marks)) break;
      if (match.index > at) parts.push(node.cut(at, match.index));
      const found = node.cut(match.index, match.index + match[0].length);
      parts.push(found.mark(marks.link.create({ href: match[0] }).addToSet(found.marks)));
      at = match.index + match[0].length;
    }
    if (at < node.nodeSize) parts.push(node.cut(at));
  });
  return Fragment.fromArray(parts);
};

/** Writes or changes a footnote. The words are edited by themselves and put in as the smallest change. */
export const footnote = async (view: EditorView, pos: number | null = null): Promise<void> => {
  const old = pos === null ? null : view.state.doc.nodeAt(pos);
  const { $from } = view.state.selection;
  if (!old && (!$from.parent.isTextblock || $from.parent.type === nodes.footnote)) return view.focus();
  let inner: EditorView | null = null;
  const value = await show(
    view,
    "editor-footnote",
    (dialog) => {
      const place = part(dialog, "text");
      place.replaceChildren();
      inner = new EditorView(place, {
        state: EditorState.create({
          doc: old ?? nodes.footnote.create(),
          plugins: [history(), keymap({ "Mod-b": commands.strong, "Mod-i": commands.em, "Mod-z": commands.undo, "Mod-y": commands.redo, Enter: () => (dialog.querySelector("form")!.requestSubmit(), true), Escape: () => (dialog.dispatchEvent(new Event("cancel", { cancelable: true })), true) })],
        }),
        attributes: { class: "input footnote-input", role: "textbox", "aria-label": words("footnote-text"), "aria-multiline": "false", lang: "sv", spellcheck: "true" },
      });
      part(dialog, "remove").hidden = !old;
      setTimeout(() => inner?.focus(), 0);
    },
    () => true,
  );
  const content = linked(inner!.state.doc.content);
  (inner! as EditorView).destroy();
  if (value === "ok" && !old && content.size) view.dispatch(view.state.tr.replaceSelectionWith(nodes.footnote.create(null, content), false).scrollIntoView());
  if (old && (value === "ok" || value === "remove")) changeFootnote(view, pos!, old, value === "remove" || !content.size ? null : content);
};

const changeFootnote = (view: EditorView, pos: number, old: Node, content: Fragment | null): void => {
  let at: number | null = view.state.doc.nodeAt(pos)?.eq(old) ? pos : null;
  if (at === null) view.state.doc.descendants((node, where) => void (at === null && node.eq(old) && (at = where)));
  if (at === null) return say(words("footnote-gone", { text: content?.textBetween(0, content.size) ?? "" }), view);
  const tr = view.state.tr;
  if (!content) return view.dispatch(tr.delete(at, at + old.nodeSize));
  const start = old.content.findDiffStart(content);
  if (start === null) return;
  let { a, b } = old.content.findDiffEnd(content)!;
  const overlap = start - Math.min(a, b);
  if (overlap > 0) [a, b] = [a + overlap, b + overlap];
  view.dispatch(tr.replaceWith(at + 1 + start, at + 1 + a, content.cut(start, b)));
};

// --- References

export const reference = async (view: EditorView, names: Names): Promise<void> => {
  const value = await show(
    view,
    "editor-reference",
    (dialog) => {
      const list = part<HTMLSelectElement>(dialog, "list");
      const search = part<HTMLInputElement>(dialog, "search");
      const fill = (): void => {
        const wanted = search.value.trim().toLocaleLowerCase("sv");
        const found = Object.keys(names.all).filter((uuid) => names.label(uuid).toLocaleLowerCase("sv").includes(wanted));
        list.replaceChildren(...found.map((uuid) => new Option(names.label(uuid), uuid)));
        if (list.options.length) list.selectedIndex = 0;
      };
      search.value = "";
      search.oninput = fill;
      search.onkeydown = (event) => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        list.selectedIndex = Math.min(list.options.length - 1, Math.max(0, list.selectedIndex + step));
      };
      list.ondblclick = () => dialog.querySelector("form")!.requestSubmit();
      fill();
    },
    (dialog) => {
      const chosen = part<HTMLSelectElement>(dialog, "list").value !== "";
      problem(dialog, chosen ? "" : words("reference-choose"));
      return chosen;
    },
  );
  if (value === "ok") {
    const section = part<HTMLSelectElement>(document.getElementById("editor-reference") as HTMLDialogElement, "list").value;
    if (view.state.selection.$from.parent.isTextblock) view.dispatch(view.state.tr.replaceSelectionWith(nodes.ref.create({ section }), false).scrollIntoView());
  }
};

// --- Tables

export const table = async (view: EditorView): Promise<void> => {
  const value = await show(view, "editor-table", () => undefined, () => true);
  if (value === "ok") {
    const dialog = document.getElementById("editor-table") as HTMLDialogElement;
    const number = (name: string): number => Math.min(30, Math.max(1, Number(part<HTMLInputElement>(dialog, name).value) || 3));
    insertTable(number("rows"), number("columns"), part<HTMLInputElement>(dialog, "header").checked)(view.state, (tr) => view.dispatch(withLineAfter(tr)));
  }
};
