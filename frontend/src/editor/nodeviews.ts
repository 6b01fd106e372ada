// How footnotes, references and pictures look and behave while editing.
import type { Node } from "prosemirror-model";
import type { EditorView, NodeView, NodeViewConstructor } from "prosemirror-view";
import type { Refs } from "./server";
import { words } from "./words";

type At = () => number | undefined;
export type OpenDialog = (kind: "figure" | "footnote", view: EditorView, pos: number) => void;

const button = (label: string): HTMLButtonElement => {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "button button--small";
  element.textContent = label;
  return element;
};

/** A number on the line (counted by the style sheet); its words open in a dialog. */
class FootnoteView implements NodeView {
  readonly dom = document.createElement("sup");
  constructor(
    private node: Node,
    view: EditorView,
    at: At,
    open: OpenDialog,
  ) {
    this.dom.className = "footnote-mark";
    this.dom.tabIndex = -1;
    this.dom.setAttribute("role", "button");
    this.dom.addEventListener("click", () => view.editable && open("footnote", view, at()!));
    this.label();
  }
  private label(): void {
    this.dom.title = this.node.textContent;
    this.dom.setAttribute("aria-label", words("footnote-label", { text: this.node.textContent }));
  }
  update(node: Node): boolean {
    if (node.type !== this.node.type) return false;
    this.node = node;
    this.label();
    return true;
  }
  selectNode(): void {
    this.dom.classList.add("is-selected");
  }
  deselectNode(): void {
    this.dom.classList.remove("is-selected");
  }
  ignoreMutation(): boolean {
    return true;
  }
  stopEvent(event: Event): boolean {
    return event.type === "dblclick";
  }
}

/** Today's names of the sections, shown in every reference; refreshed when the outline changes. */
export class Names {
  private readonly shown = new Set<RefView>();
  constructor(private refs: Refs) {}
  get all(): Refs {
    return this.refs;
  }
  label(uuid: string): string {
    const found = this.refs[uuid];
    return found ? [found.code, found.title].filter(Boolean).join(" ") : words("ref-gone");
  }
  known(uuid: string): boolean {
    return uuid in this.refs;
  }
  replace(refs: Refs): void {
    this.refs = refs;
    for (const view of this.shown) view.draw();
  }
  add(view: RefView): void {
    this.shown.add(view);
  }
  remove(view: RefView): void {
    this.shown.delete(view);
  }
}

class RefView implements NodeView {
  readonly dom = document.createElement("span");
  constructor(
    private readonly node: Node,
    private readonly names: Names,
  ) {
    this.dom.contentEditable = "false";
    names.add(this);
    this.draw();
  }
  draw(): void {
    const uuid = this.node.attrs.section as string;
    this.dom.className = this.names.known(uuid) ? "ref" : "ref ref--gone";
    this.dom.textContent = this.names.label(uuid);
  }
  ignoreMutation(): boolean {
    return true;
  }
  destroy(): void {
    this.names.remove(this);
  }
}

class FigureView implements NodeView {
  readonly dom = document.createElement("figure");
  private readonly image = document.createElement("img");
  private readonly caption = document.createElement("figcaption");
  private readonly note = document.createElement("p");
  constructor(
    private node: Node,
    private readonly view: EditorView,
    private readonly at: At,
    open: OpenDialog,
  ) {
    this.dom.className = "figure";
    this.note.className = "figure-note";
    const change = button(words("figure-change"));
    change.addEventListener("click", () => open("figure", this.view, this.at()!));
    this.dom.addEventListener("dblclick", () => this.view.editable && open("figure", this.view, this.at()!));
    this.dom.append(this.image, this.caption, this.note);
    if (view.editable) this.dom.append(change);
    this.draw();
  }
  private draw(): void {
    const { image, alt, caption, decorative } = this.node.attrs as Record<string, string> & { decorative: boolean };
    const url = `/bilder/${image}/`;
    if (this.image.getAttribute("src") !== url) this.image.src = url;
    this.image.alt = decorative ? "" : alt;
    this.caption.textContent = caption;
    this.caption.hidden = !caption;
    this.note.textContent = decorative ? words("figure-decorative") : words("figure-alt", { alt });
  }
  update(node: Node): boolean {
    if (node.type !== this.node.type) return false;
    this.node = node;
    this.draw();
    return true;
  }
  stopEvent(event: Event): boolean {
    return event.target instanceof HTMLButtonElement;
  }
  ignoreMutation(): boolean {
    return true;
  }
}

export const nodeViews = (names: Names, open: OpenDialog): Record<string, NodeViewConstructor> => ({
  footnote: (node, view, at) => new FootnoteView(node, view, at, open),
  ref: (node) => new RefView(node, names),
  figure: (node, view, at) => new FigureView(node, view, at, open),
});
