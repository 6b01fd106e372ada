// Containers may be empty (nobody is forced to finish while typing), but a cursor needs a paragraph to stand in.
import { Plugin, TextSelection, type EditorState, type Transaction } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { newId, schema } from "./schema";

const HOLDS_TEXT = new Set(["table_cell", "table_header", "list_item", "blockquote"]);
const paragraph = () => schema.nodes.paragraph.create({ id: newId() });

// A first paragraph when somebody begins to write; reading an empty section writes nothing.
const begin = (view: EditorView): void => {
  if (!view.editable || view.state.doc.childCount > 0) return;
  const tr = view.state.tr.insert(0, paragraph());
  view.dispatch(tr.setSelection(TextSelection.create(tr.doc, 1)));
};

const isTyping = (event: KeyboardEvent): boolean =>
  (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) || ["Enter", "Dead", "Process", "Unidentified"].includes(event.key);

export const fill = (): Plugin =>
  new Plugin({
    appendTransaction(transactions: readonly Transaction[], _old: EditorState, state: EditorState) {
      if (!transactions.some((tr) => tr.docChanged && tr.getMeta("rebased") === undefined)) return null;
      const empty: number[] = [];
      state.doc.descendants((node, pos) => {
        if (HOLDS_TEXT.has(node.type.name) && node.childCount === 0) empty.push(pos + 1);
        return !node.isTextblock;
      });
      if (!empty.length) return null;
      const tr = state.tr;
      for (const pos of empty.reverse()) tr.insert(pos, paragraph());
      return tr;
    },
    props: {
      handleDOMEvents: {
        keydown: (view, event) => (isTyping(event) && begin(view), false),
        beforeinput: (view) => (begin(view), false),
        compositionstart: (view) => (begin(view), false),
        paste: (view) => (begin(view), false),
      },
    },
  });
