// Every block has an id of its own; what is split or pasted gets a new one, and the words keep theirs.
import type { Node } from "prosemirror-model";
import { Plugin, type EditorState, type Transaction } from "prosemirror-state";
import { Mapping } from "prosemirror-transform";
import { isBlock, newId } from "./schema";

type Place = { node: Node; pos: number };

const places = (doc: Node): Place[] => {
  const found: Place[] = [];
  doc.descendants((node, pos) => {
    if (isBlock(node)) found.push({ node, pos });
    return !node.isTextblock;
  });
  return found;
};

// Which of two blocks with the same id is the one that had it: the one where the old block went, unless that is now
// empty and the other has the words (Enter at the start of a paragraph).
const keeper = (twins: Place[], before: Map<string, number>, mapping: Mapping): Place => {
  const old = before.get(twins[0].node.attrs.id as string);
  const now = old === undefined ? -1 : mapping.map(old, 1);
  const chosen = twins.find((twin) => twin.pos === now) ?? twins[0];
  const fuller = twins.find((twin) => twin !== chosen && twin.node.type === chosen.node.type && twin.node.content.size > 0);
  return chosen.node.isTextblock && chosen.node.content.size === 0 && fuller ? fuller : chosen;
};

const renewals = (state: EditorState, old: EditorState, mapping: Mapping): Place[] => {
  const byId = new Map<string | null, Place[]>();
  for (const place of places(state.doc)) {
    const id = place.node.attrs.id as string | null;
    byId.set(id, [...(byId.get(id) ?? []), place]);
  }
  const doubled = [...byId].filter(([id, twins]) => id !== null && twins.length > 1);
  const before = new Map<string, number>();
  if (doubled.length) for (const { node, pos } of places(old.doc)) before.set(node.attrs.id as string, pos);
  const renewed = byId.get(null) ?? [];
  for (const [, twins] of doubled) {
    const kept = keeper(twins, before, mapping);
    renewed.push(...twins.filter((twin) => twin !== kept));
  }
  return renewed;
};

export const uniqueIds = (): Plugin =>
  new Plugin({
    appendTransaction(transactions: readonly Transaction[], old: EditorState, state: EditorState) {
      if (!transactions.some((tr) => tr.docChanged)) return null;
      const mapping = new Mapping();
      for (const tr of transactions) mapping.appendMapping(tr.mapping);
      const tr = state.tr;
      for (const { pos } of renewals(state, old, mapping)) tr.setNodeAttribute(pos, "id", newId());
      tr.setStoredMarks(state.storedMarks);
      return tr.docChanged ? tr : null;
    },
  });
