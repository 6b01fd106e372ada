// The page's side: which sections can be written in, which one is open, and what happens when somebody leaves.
import { explain, SectionEditor } from "./section";
import { say } from "./dialogs";
import { pageLive, type Heard } from "./live";
import "./presence";
import { ask } from "./server";
import { words } from "./words";

const open = new Map<HTMLElement, SectionEditor>();
const opening = new Map<HTMLElement, Promise<SectionEditor | null>>();

const shownHtml = (mount: HTMLElement): HTMLElement => mount.querySelector<HTMLElement>("[data-part=html]")!;

/** Makes the section's text editable in place. The same editor again when it is open already. */
export const mountSection = (mount: HTMLElement): Promise<SectionEditor | null> => {
  const known = open.get(mount);
  if (known) return Promise.resolve(known);
  let promise = opening.get(mount);
  if (!promise) opening.set(mount, (promise = begin(mount).finally(() => opening.delete(mount))));
  return promise;
};

const begin = async (mount: HTMLElement): Promise<SectionEditor | null> => {
  mount.setAttribute("aria-busy", "true");
  try {
    await closeOthers(mount);
    const editor = await SectionEditor.open(mount);
    shownHtml(mount).hidden = true;
    mount.classList.add("is-editing");
    mount.append(editor.root);
    open.set(mount, editor);
    editor.focus();
    return editor;
  } catch (error) {
    say(explain(error));
    return null;
  } finally {
    mount.removeAttribute("aria-busy");
  }
};

/** Sends what is left and shows the text as readers see it. False when something could not be sent (it stays open). */
export const unmountSection = async (mount: HTMLElement): Promise<boolean> => {
  const editor = open.get(mount);
  if (!editor) return true;
  if (!(await editor.flush()) || editor.hasCards) return false;
  await refresh(mount).catch(() => undefined); // the text from before is shown until the page is loaded again
  editor.destroy();
  open.delete(mount);
  shownHtml(mount).hidden = false;
  mount.classList.remove("is-editing");
  document.dispatchEvent(new CustomEvent("rus:text-shown"));
  return true;
};

const refresh = async (mount: HTMLElement): Promise<void> => {
  const { html, empty } = await ask<{ html: string; empty: boolean }>(mount.dataset.htmlUrl!, "");
  // Made by our own renderer, which escapes everything; there is no other way in for HTML.
  shownHtml(mount).querySelector<HTMLElement>("[data-part=prose]")!.innerHTML = html;
  const blank = shownHtml(mount).querySelector<HTMLElement>("[data-part=blank]");
  if (blank) blank.hidden = !empty;
};

const closeOthers = async (mount: HTMLElement): Promise<void> => {
  for (const other of open.keys()) if (other !== mount) await unmountSection(other);
};

/** "Something new on the server" for a section (uuid), or for all that are open. */
export const poke = (uuid?: string): void => {
  for (const [mount, editor] of open) if (!uuid || mount.dataset.section === uuid) editor.poke();
};

const hear = (heard: Heard): void => {
  if (heard.type === "closed" && heard.reason !== "many" && heard.reason !== "pace") poke();
  for (const [mount, editor] of open) {
    const perhapsUnlocked = editor.closed && (heard.type === "up" || (heard.type === "section" && heard.section === mount.dataset.section));
    if (perhapsUnlocked) void reopen(mount, editor);
    else if (heard.type === "section" && heard.section === mount.dataset.section) editor.poke();
    if (heard.type === "step" && heard.section === mount.dataset.section) editor.ring(heard.version, heard.steps);
    if (heard.type === "here" && heard.section === mount.dataset.section) editor.poke();
    if (heard.type === "up" || heard.type === "down") editor.bell(heard.type === "up");
  }
};

/** A section that was locked can be written in again: what could not be sent then is still on its card. */
const reopen = async (mount: HTMLElement, editor: SectionEditor): Promise<void> => {
  editor.destroy();
  open.delete(mount);
  await mountSection(mount);
};

const mountAt = (target: EventTarget | null): HTMLElement | null => (target instanceof Element ? target.closest<HTMLElement>("[data-editor]") : null);

const start = (): void => {
  pageLive()?.listen(hear);
  document.addEventListener("click", (event) => {
    const mount = mountAt(event.target);
    if (!mount || open.has(mount) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const target = event.target as Element;
    const opener = target.closest("[data-open-editor]");
    const selecting = !opener && String(getSelection() ?? "") !== "";
    if (!opener && (selecting || !target.closest("[data-part=prose], [data-part=blank]") || target.closest("a, button, summary"))) return;
    event.preventDefault();
    void mountSection(mount);
  });
  document.addEventListener("rus:done", (event) => {
    const mount = mountAt(event.target);
    if (mount) void close(mount);
  });
  document.addEventListener("keydown", (event) => {
    const mount = mountAt(event.target);
    if (event.key === "Escape" && mount && open.has(mount) && !document.querySelector("dialog[open]")) void close(mount);
  });
  window.addEventListener("beforeunload", (event) => {
    if (Array.from(open.values()).some((editor) => editor.unsent)) event.preventDefault();
  });
};

const close = async (mount: HTMLElement): Promise<void> => {
  if (await unmountSection(mount)) mount.querySelector<HTMLElement>("[data-open-editor]")?.focus();
  else say(words("cannot-close"));
};

start();
const now = document.querySelector<HTMLElement>("[data-editor-now]");
if (now) void mountSection(now);
