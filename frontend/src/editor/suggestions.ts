// Suggestions in the open editor: the mode in which everything is a suggestion, whose each one is, and how they look.
import type { Node } from "prosemirror-model";
import { NodeSelection, Plugin, PluginKey, Selection, TextSelection, type Command, type EditorState, type Transaction } from "prosemirror-state";
import { Decoration, DecorationSet, type MarkViewConstructor } from "prosemirror-view";
import { schema } from "./schema";
import { isSuggestion, suggest, type Author } from "./suggesting";
import { words } from "./words";

const { insertion, deletion } = schema.marks;
const COLOURS = 8; // as in strategies/live/presence.py
const TRACKED = "suggested";

export interface Origin {
  by: number | null;
  name: string;
  at: string;
}
/** One suggestion in the text: where it stands, what would go and what would come. */
export interface Place {
  id: string;
  from: number;
  to: number;
  removed: string;
  added: string;
  form: string; // "", or the kind of change of form
}

const freshId = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return "s" + Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
};

const marksIn = (value: unknown, found: Set<string>): void => {
  if (Array.isArray(value)) return value.forEach((item) => marksIn(item, found));
  if (!value || typeof value !== "object") return;
  const { type, attrs } = value as { type?: string; attrs?: { id?: unknown } };
  if ((type === "insertion" || type === "deletion" || type === "modification") && typeof attrs?.id === "string") found.add(attrs.id);
  Object.values(value).forEach((item) => marksIn(item, found));
};

/** Who made which suggestion. */
export class Book {
  private readonly origins = new Map<string, Origin>();
  constructor(
    private readonly me: number,
    private readonly myName: string,
  ) {}
  learn(origins: Record<string, Origin>): void {
    for (const [id, origin] of Object.entries(origins)) this.origins.set(id, origin);
  }
  /** Steps by somebody: what is marked in them and not known is theirs. */
  heard(step: unknown, by: number | null, name: string, at: string): void {
    const found = new Set<string>();
    marksIn(step, found);
    for (const id of found) if (!this.origins.has(id)) this.origins.set(id, { by, name, at });
  }
  mine(id: string): boolean {
    return this.origins.get(id)?.by === this.me;
  }
  of(id: string): Origin | undefined {
    return this.origins.get(id);
  }
  mineNow(step: unknown): void {
    this.heard(step, this.me, this.myName, new Date().toISOString());
  }
  author(): Author {
    let id = "";
    return {
      mine: (other) => other === id || this.mine(other),
      fresh: () => {
        if (!id) this.origins.set((id = freshId()), { by: this.me, name: this.myName, at: new Date().toISOString() });
        return id;
      },
    };
  }
}

const isForeign = (tr: Transaction): boolean => Boolean(tr.getMeta("history$") ?? tr.getMeta("collab$")) || tr.getMeta("rebased") !== undefined;

/** The transaction as a suggestion. Undoing, and what others wrote, stays as it is. */
export const tracked = (state: EditorState, tr: Transaction, book: Book): Transaction => {
  if (!tr.docChanged || isForeign(tr) || tr.getMeta(TRACKED)) return tr;
  const next = state.applyTransaction(tr).state; // with everything that follows by itself: ids, paragraphs in empty cells
  const { selection } = state;
  const suggested = suggest(state.doc, next.doc, book.author(), { head: selection.head, empty: selection.empty });
  const made = state.tr;
  suggested.apply(made);
  if (made.doc.eq(next.doc)) return tr.setMeta(TRACKED, true);
  place(made, next.selection, (pos) => suggested.place(pos, made));
  for (const name of ["uiEvent", "addToHistory", "paste"]) if (tr.getMeta(name) !== undefined) made.setMeta(name, tr.getMeta(name));
  if (tr.scrolledIntoView) made.scrollIntoView();
  const { $from, empty } = made.selection;
  const typed = empty ? $from.nodeBefore?.marks.find((mark) => mark.type === insertion && book.mine(mark.attrs.id as string)) : undefined;
  if (typed) made.setStoredMarks(typed.addToSet((next.storedMarks ?? $from.nodeBefore!.marks).filter((mark) => !isSuggestion(mark))));
  return made.setMeta(TRACKED, true);
};

/** One letter taken away in suggest mode, past what is already suggested away: the browser's own way rewrites blanks. */
export const takeAway =
  (back: boolean): Command =>
  (state, dispatch) => {
    const { $from, empty } = state.selection;
    if (!empty || !$from.parent.isTextblock) return false;
    let pos = $from.pos;
    for (;;) {
      const $pos = state.doc.resolve(pos);
      const node = back ? $pos.nodeBefore : $pos.nodeAfter;
      if (!node?.isText) {
        if (pos === $from.pos || node) return false;
        dispatch?.(state.tr.setSelection(TextSelection.create(state.doc, pos)));
        return true;
      }
      if (!node.marks.some((mark) => mark.type === deletion)) {
        const near = back ? node.text!.slice(-64) : node.text!.slice(0, 64);
        const letters = Array.from(new Intl.Segmenter().segment(near), (part) => part.segment);
        const size = (back ? letters[letters.length - 1] : letters[0])!.length;
        dispatch?.(state.tr.delete(back ? pos - size : pos, back ? pos : pos + size).scrollIntoView());
        return true;
      }
      pos += back ? -node.nodeSize : node.nodeSize;
    }
  };

const place = (tr: Transaction, wanted: Selection, map: (pos: number) => number | null): void => {
  const [anchor, head] = [map(wanted.anchor), map(wanted.head)];
  if (anchor === null || head === null) return;
  const at = tr.doc.resolve(head);
  if (wanted instanceof NodeSelection && at.nodeAfter && NodeSelection.isSelectable(at.nodeAfter)) tr.setSelection(NodeSelection.create(tr.doc, head));
  else if (at.parent.inlineContent && tr.doc.resolve(anchor).parent.inlineContent) tr.setSelection(TextSelection.create(tr.doc, anchor, head));
  else tr.setSelection(Selection.near(at));
};

/** What is written outside the suggest mode is nobody's suggestion, also in the middle of one. */
export const unclaimed = (): Plugin =>
  new Plugin({
    appendTransaction(transactions, _old, state) {
      const own = transactions.filter((tr) => tr.docChanged);
      if (!own.length || own.some((tr) => isForeign(tr) || tr.getMeta(TRACKED))) return null;
      const tr = state.tr;
      own.forEach((each, index) =>
        each.mapping.maps.forEach((map, step) =>
          map.forEach((_from, _to, start, end) => {
            let [from, to] = [each.mapping.slice(step + 1).map(start, 1), each.mapping.slice(step + 1).map(end, -1)];
            for (const later of own.slice(index + 1)) [from, to] = [later.mapping.map(from, 1), later.mapping.map(to, -1)];
            if (from < to) unmark(tr, state.doc, from, to);
          }),
        ),
      );
      return tr.docChanged ? tr.setStoredMarks(state.storedMarks?.filter((mark) => !isSuggestion(mark)) ?? null) : null;
    },
  });

const unmark = (tr: Transaction, doc: Node, from: number, to: number): void =>
  doc.nodesBetween(from, to, (node, pos) => {
    for (const mark of node.marks.filter(isSuggestion)) {
      if (node.isInline) tr.removeMark(Math.max(from, pos), Math.min(to, pos + node.nodeSize), mark);
      else if (pos >= from) tr.removeNodeMark(pos, mark);
    }
  });

// --- Where they are

/** The suggestions of a text in reading order. */
export const places = (doc: Node): Place[] => {
  const found = new Map<string, Place>();
  doc.descendants((node, pos) => {
    for (const mark of node.marks.filter(isSuggestion)) {
      const id = mark.attrs.id as string;
      const known = found.get(id) ?? { id, from: pos, to: pos, removed: "", added: "", form: "" };
      const text = node.isText ? node.text! : node.textContent;
      if (mark.type === insertion) known.added += text;
      else if (mark.type === deletion) known.removed += text;
      else [known.form, known.removed] = [(mark.attrs.type as string) + (mark.attrs.attrName ? `-${mark.attrs.attrName as string}` : ""), known.removed + (mark.attrs.type === "mark" ? text : "")];
      if (!node.isInline && mark.type !== schema.marks.modification && !known.form) known.form = mark.type === insertion ? "block-new" : "block-gone";
      known.to = Math.max(known.to, pos + node.nodeSize);
      found.set(id, known);
    }
    return true;
  });
  return Array.from(found.values());
};

/** The suggestion at the cursor; the innermost when there are several. */
export const placeAt = (state: EditorState): Place | null => {
  const { $from } = state.selection;
  const near = [$from.nodeAfter, $from.nodeBefore].flatMap((node) => node?.marks ?? []);
  for (let depth = $from.depth; depth > 0; depth--) near.push(...$from.node(depth).marks);
  const mark = near.filter(isSuggestion)[0];
  return mark ? (places(state.doc).find((each) => each.id === mark.attrs.id) ?? null) : null;
};

const short = (text: string): string => {
  const shown = text.trim() || "␣".repeat(Math.min(text.length, 3));
  return shown.length > 80 ? `${shown.slice(0, 77)}…` : shown;
};

/** What a suggestion proposes, in words. */
export const told = (found: Place): string => {
  if (found.form && found.form !== "mark") return words(`suggestion-${found.form}`, { text: short(found.added || found.removed) });
  if (found.form === "mark") return words("suggestion-mark", { text: short(found.removed) });
  if (found.added && found.removed) return words("suggestion-replace", { old: short(found.removed), new: short(found.added) });
  return found.added ? words("suggestion-add", { text: short(found.added) }) : words("suggestion-remove", { text: short(found.removed) });
};

// --- How they look: a colour and a pattern for each person, and words for whoever listens

const KEY = new PluginKey<DecorationSet>("suggestions");


const sign = (kind: string, person: string, said: string) => (): HTMLElement => {
  const element = document.createElement("span");
  element.className = `suggested-seam suggested-seam--${kind} ${person}`;
  element.textContent = "¶";
  element.title = said;
  element.setAttribute("role", "img");
  element.setAttribute("aria-label", said);
  return element;
};

const drawn = (doc: Node, book: Book): DecorationSet => {
  const found: Decoration[] = [];
  doc.descendants((node, pos) => {
    for (const mark of node.marks.filter(isSuggestion)) {
      const origin = book.of(mark.attrs.id as string);
      const person = `person-${(origin?.by ?? 0) % COLOURS}`;
      const kind = mark.type.name;
      const said = words(`suggested-${kind}`, { name: origin?.name ?? "", time: origin ? new Date(origin.at).toLocaleString(document.documentElement.lang || "sv", { dateStyle: "short", timeStyle: "short" }) : "" });
      const attrs = { class: `suggested suggested--${kind} ${person}`, title: said, "data-said": `[${said}] ` };
      if (node.isInline) found.push(Decoration.inline(pos, pos + node.nodeSize, attrs));
      else if (mark.attrs.type === "split" || mark.attrs.type === "join") found.push(Decoration.widget(pos + 1, sign(mark.attrs.type as string, person, words(`suggestion-${mark.attrs.type as string}`)), { side: -1, key: `${mark.attrs.id as string}-${mark.attrs.type as string}` }));
      else found.push(Decoration.node(pos, pos + node.nodeSize, { ...attrs, class: `${attrs.class} suggested--block`, ...(node.type === schema.nodes.list_item ? { role: "none" } : {}) }));
    }
    return true;
  });
  return DecorationSet.create(doc, found);
};

// Around a block stands an element of its own; in a list it is the item, and in a table it is nothing at all.
const ROLES: Record<string, string> = { UL: "listitem", OL: "listitem", TBODY: "none", TR: "none" };

const markView =
  (tag: string): MarkViewConstructor =>
  (mark, _view, inline) => {
    const dom = document.createElement(tag);
    dom.dataset.suggestion = mark.attrs.id as string;
    if (!inline) {
      dom.className = "suggested-around";
      queueMicrotask(() => {
        const role = ROLES[dom.parentElement?.tagName ?? ""];
        if (role) dom.setAttribute("role", role);
      });
    }
    return { dom, contentDOM: dom, ignoreMutation: (mutation) => mutation.type === "attributes" };
  };

export const markViews: Record<string, MarkViewConstructor> = { insertion: markView("ins"), deletion: markView("del"), modification: markView("span") };

export const suggestionLooks = (book: Book): Plugin<DecorationSet> =>
  new Plugin<DecorationSet>({
    key: KEY,
    state: {
      init: (_config, state) => drawn(state.doc, book),
      apply: (tr, old) => (tr.docChanged ? drawn(tr.doc, book) : old),
    },
    props: { decorations: (state) => KEY.getState(state) },
  });

