// The toolbar: one tab stop, arrow keys inside it (WAI-ARIA toolbar pattern). Words and icons come from the page.
import type { EditorView } from "prosemirror-view";
import { isInTable } from "prosemirror-tables";
import { blockKind, commands, marked } from "./commands";
import { readSelection } from "./selection";

export type Action = (view: EditorView) => void;

const roving = (bar: HTMLElement): void => {
  const items = (): HTMLElement[] => Array.from(bar.querySelectorAll<HTMLElement>("button, select"));
  const focusOn = (item: HTMLElement): void => {
    for (const other of items()) other.tabIndex = other === item ? 0 : -1;
    item.focus();
  };
  items().forEach((item, n) => (item.tabIndex = n ? -1 : 0));
  bar.addEventListener("focusin", (event) => {
    for (const item of items()) item.tabIndex = item === event.target ? 0 : -1;
  });
  bar.addEventListener("keydown", (event) => {
    const all = items().filter((item) => item.checkVisibility?.() ?? true);
    const at = all.indexOf(event.target as HTMLElement);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const next = step ? all[(at + step + all.length) % all.length] : event.key === "Home" ? all[0] : event.key === "End" ? all[all.length - 1] : null;
    if (!next) return;
    event.preventDefault();
    focusOn(next);
  });
};

export class Toolbar {
  private readonly buttons: HTMLButtonElement[];
  private readonly kinds: HTMLSelectElement | null;
  private readonly table: HTMLElement | null;
  private view: EditorView | null = null;

  constructor(
    private readonly root: HTMLElement,
    private readonly actions: Record<string, Action>,
  ) {
    this.buttons = Array.from(root.querySelectorAll<HTMLButtonElement>("button[data-command]"));
    this.kinds = root.querySelector("select[data-kinds]");
    this.table = root.querySelector("[data-table-bar]");
    for (const bar of root.querySelectorAll<HTMLElement>("[role=toolbar]")) roving(bar);
    for (const button of this.buttons) {
      button.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays in the text
      button.addEventListener("click", () => this.run(button.dataset.command!));
    }
    this.kinds?.addEventListener("change", () => this.run(this.kinds!.value));
  }

  attach(view: EditorView): void {
    this.view = view;
    this.update();
  }

  private run(name: string): void {
    const view = this.view;
    if (!view) return;
    readSelection(view);
    if (this.actions[name]) return this.actions[name](view);
    commands[name]?.(view.state, (tr) => view.dispatch(tr), view);
    view.focus();
  }

  update(): void {
    const view = this.view;
    if (!view) return;
    const { state } = view;
    for (const button of this.buttons) {
      const name = button.dataset.command!;
      if (marked[name]) button.setAttribute("aria-pressed", String(marked[name](state)));
      const possible = view.editable && (this.actions[name] !== undefined || commands[name]?.(state) === true || name in marked);
      button.setAttribute("aria-disabled", String(!possible)); // still reachable with the arrow keys
    }
    if (this.kinds) {
      const kind = blockKind(state);
      if (this.kinds.value !== kind) this.kinds.value = kind;
    }
    if (this.table) this.table.hidden = !isInTable(state);
    this.root.classList.toggle("is-readonly", !view.editable);
  }
}
