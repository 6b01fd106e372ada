// Other people's cursors and selections, as decorations that follow the text through every step.
import { getVersion, sendableSteps } from "prosemirror-collab";
import type { Node } from "prosemirror-model";
import { Plugin, PluginKey, type EditorState, type Transaction } from "prosemirror-state";
import { Mapping, type Step, type StepMap } from "prosemirror-transform";
import { Decoration, DecorationSet } from "prosemirror-view";
import type { RemoteCursor } from "./live";

interface Shown {
  id: string;
  name: string;
  color: number;
  anchor: number;
  head: number;
  moved: number; // a new number is a new label, shown for a while
}

const key = new PluginKey<Map<string, Shown>>("cursors");
const REMEMBERED = 300;

const caret = (shown: Shown): HTMLElement => {
  const place = document.createElement("span");
  place.className = `others-caret person-${shown.color}`;
  place.setAttribute("aria-hidden", "true"); // who writes here is said in words below the text
  const name = document.createElement("span");
  name.className = "others-name";
  name.textContent = shown.name;
  place.append(name);
  return place;
};

const decorate = (doc: Node, all: Map<string, Shown>): DecorationSet => {
  const found: Decoration[] = [];
  for (const shown of all.values()) {
    const { id, anchor, head, color } = shown;
    const [from, to] = anchor < head ? [anchor, head] : [head, anchor];
    if (to > from) found.push(Decoration.inline(from, to, { class: `others-selection person-${color}` }));
    found.push(Decoration.widget(head, () => caret(shown), { key: `${id}:${shown.moved}`, side: 10, ignoreSelection: true, stopEvent: () => true }));
  }
  return DecorationSet.create(doc, found);
};

const follow = (tr: Transaction, all: Map<string, Shown>): Map<string, Shown> => {
  if (!tr.docChanged) return all;
  // What others write pushes their cursor on; what is written here, beside it, does not.
  const side = tr.getMeta("rebased") === undefined ? -1 : 1;
  return new Map(Array.from(all, ([id, shown]) => [id, { ...shown, anchor: tr.mapping.map(shown.anchor, side), head: tr.mapping.map(shown.head, side) }]));
};

export const cursors = (): Plugin<Map<string, Shown>> =>
  new Plugin<Map<string, Shown>>({
    key,
    state: {
      init: () => new Map(),
      apply: (tr, all) => (tr.getMeta(key) as Map<string, Shown> | undefined) ?? follow(tr, all),
    },
    props: { decorations: (state) => decorate(state.doc, key.getState(state)!) },
  });

/** Translates between positions in the confirmed text, which is what is spoken of, and in the text on this screen. */
export class CursorBook {
  private maps: StepMap[] = []; // of the latest confirmed steps
  private version = 0;
  private waiting = new Map<string, RemoteCursor>();
  private count = 0;

  /** The steps that lead to `version` have been confirmed. */
  confirmed(steps: Step[], version: number): void {
    if (this.version !== version - steps.length) this.maps = [];
    this.maps.push(...steps.map((step) => step.getMap()));
    if (this.maps.length > REMEMBERED) this.maps.splice(0, this.maps.length - REMEMBERED);
    this.version = version;
  }

  /** My own selection, in the confirmed text. */
  mine(state: EditorState): { version: number; anchor: number; head: number } {
    const back = new Mapping((sendableSteps(state)?.steps ?? []).map((step) => step.getMap().invert()).reverse());
    const { anchor, head } = state.selection;
    return { version: getVersion(state), anchor: back.map(anchor), head: back.map(head) };
  }

  /** Somebody's cursor as a transaction; null when it speaks of a text that is not here yet, or of one too old. */
  place(state: EditorState, cursor: RemoteCursor): Transaction | null {
    const now = getVersion(state);
    this.waiting.delete(cursor.id);
    if (cursor.version > now) {
      this.waiting.set(cursor.id, cursor);
      return null;
    }
    const behind = now - cursor.version;
    if (behind && (behind > this.maps.length || this.version !== now)) return null;
    const maps = [...(behind ? this.maps.slice(-behind) : []), ...(sendableSteps(state)?.steps ?? []).map((step) => step.getMap())];
    const way = new Mapping(maps);
    const at = (pos: number): number => Math.max(0, Math.min(way.map(pos, 1), state.doc.content.size));
    const { id, name, color } = cursor;
    const known = key.getState(state)!;
    const before = known.get(id);
    const [anchor, head] = [at(cursor.anchor), at(cursor.head)];
    if (before && before.anchor === anchor && before.head === head) return null;
    const all = new Map(known);
    return state.tr.setMeta(key, all.set(id, { id, name, color, anchor, head, moved: ++this.count })).setMeta("addToHistory", false);
  }

  /** Cursors that waited for the text that has come now. */
  due(state: EditorState): RemoteCursor[] {
    return Array.from(this.waiting.values()).filter((cursor) => cursor.version <= getVersion(state));
  }

  /** Takes away everybody who is not among `ids`. */
  only(state: EditorState, ids: Set<string>): Transaction | null {
    for (const id of this.waiting.keys()) if (!ids.has(id)) this.waiting.delete(id);
    const known = key.getState(state)!;
    const left = new Map(Array.from(known).filter(([id]) => ids.has(id)));
    return left.size === known.size ? null : state.tr.setMeta(key, left).setMeta("addToHistory", false);
  }
}
