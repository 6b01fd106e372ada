// What the buttons and the keys do. Each is a ProseMirror command; `marked` says whether its button is pressed.
import { chainCommands, exitCode, lift, setBlockType, toggleMark, wrapIn } from "prosemirror-commands";
import { redo, undo } from "prosemirror-history";
import type { Attrs, MarkType, NodeType } from "prosemirror-model";
import { liftListItem, sinkListItem, splitListItem, wrapInList } from "prosemirror-schema-list";
import { TextSelection, type Command, type EditorState } from "prosemirror-state";
import * as tables from "prosemirror-tables";
import { schema } from "./schema";

const { nodes, marks } = schema;
const LISTS = [nodes.bullet_list, nodes.ordered_list];

const ancestor = (state: EditorState, types: readonly NodeType[]): { type: NodeType; depth: number } | null => {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth--) {
    const { type } = $from.node(depth);
    if (types.includes(type)) return { type, depth };
  }
  return null;
};

export const isInside = (state: EditorState, ...types: NodeType[]): boolean => ancestor(state, types) !== null;

export const hasMark = (state: EditorState, type: MarkType): boolean => {
  const { empty, $from, from, to } = state.selection;
  return empty ? Boolean(type.isInSet(state.storedMarks ?? $from.marks())) : state.doc.rangeHasMark(from, to, type);
};

// The other kind of list: change it in place; the same kind: leave it; none: make one.
const toggleList = (type: NodeType): Command => (state, dispatch, view) => {
  const list = ancestor(state, LISTS);
  if (!list) return wrapInList(type)(state, dispatch, view);
  if (list.type === type) return liftListItem(nodes.list_item)(state, dispatch, view);
  if (dispatch) {
    const pos = state.selection.$from.before(list.depth);
    dispatch(state.tr.setNodeMarkup(pos, type, { id: state.doc.nodeAt(pos)!.attrs.id as string }));
  }
  return true;
};

const toggleQuote: Command = (state, dispatch, view) => (isInside(state, nodes.blockquote) ? lift : wrapIn(nodes.blockquote))(state, dispatch, view);

const blockType = (type: NodeType, attrs?: Attrs): Command => (state, dispatch) => {
  // The id stays: it is the same text with another role.
  const tr = state.tr;
  let changed = false;
  const { from, to } = state.selection;
  state.doc.nodesBetween(from, to, (node, pos) => {
    if (!node.isTextblock || node.hasMarkup(type, { ...node.attrs, ...attrs })) return;
    if (!state.doc.resolve(pos).parent.canReplaceWith(state.doc.resolve(pos).index(), state.doc.resolve(pos).index() + 1, type)) return;
    tr.setNodeMarkup(pos, type, { id: node.attrs.id as string, ...attrs });
    changed = true;
  });
  if (changed) dispatch?.(tr.scrollIntoView());
  return changed || setBlockType(type, attrs)(state);
};

export const insertTable = (rows: number, columns: number, header: boolean): Command => (state, dispatch) => {
  const row = (type: NodeType) => nodes.table_row.create(null, Array.from({ length: columns }, () => type.create(null, nodes.paragraph.create())));
  const table = nodes.table.create(
    null,
    Array.from({ length: rows }, (_, n) => row(header && n === 0 ? nodes.table_header : nodes.table_cell)),
  );
  if (dispatch) {
    const tr = state.tr.replaceSelectionWith(table);
    const start = tr.mapping.map(state.selection.from, -1);
    tr.doc.nodesBetween(start, tr.doc.content.size, (node, pos) => {
      if (node.isTextblock && pos >= start && tr.doc.resolve(pos).depth > 2) {
        tr.setSelection(TextSelection.create(tr.doc, pos + 1));
        return false;
      }
      return !(tr.selection.from > start + 2);
    });
    dispatch(tr.scrollIntoView());
  }
  return true;
};

const insertBreak: Command = chainCommands(exitCode, (state, dispatch) => {
  dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
  return true;
});
const insertRule: Command = (state, dispatch) => {
  dispatch?.(state.tr.replaceSelectionWith(nodes.horizontal_rule.create()).scrollIntoView());
  return true;
};
const inTable = (command: Command): Command => (state, dispatch, view) => tables.isInTable(state) && command(state, dispatch, view);

export const commands: Record<string, Command> = {
  paragraph: blockType(nodes.paragraph),
  heading2: blockType(nodes.heading, { level: 2 }),
  heading3: blockType(nodes.heading, { level: 3 }),
  heading4: blockType(nodes.heading, { level: 4 }),
  strong: toggleMark(marks.strong),
  em: toggleMark(marks.em),
  superscript: toggleMark(marks.superscript),
  subscript: toggleMark(marks.subscript),
  bullet_list: toggleList(nodes.bullet_list),
  ordered_list: toggleList(nodes.ordered_list),
  sink: sinkListItem(nodes.list_item),
  lift: liftListItem(nodes.list_item),
  blockquote: toggleQuote,
  rule: insertRule,
  break: insertBreak,
  split_item: splitListItem(nodes.list_item),
  undo,
  redo,
  row_before: inTable(tables.addRowBefore),
  row_after: inTable(tables.addRowAfter),
  column_before: inTable(tables.addColumnBefore),
  column_after: inTable(tables.addColumnAfter),
  row_delete: inTable(tables.deleteRow),
  column_delete: inTable(tables.deleteColumn),
  merge: inTable(tables.mergeCells),
  split: inTable(tables.splitCell),
  header_row: inTable(tables.toggleHeaderRow),
  header_column: inTable(tables.toggleHeaderColumn),
  table_delete: inTable(tables.deleteTable),
};

export const marked: Record<string, (state: EditorState) => boolean> = {
  strong: (state) => hasMark(state, marks.strong),
  em: (state) => hasMark(state, marks.em),
  superscript: (state) => hasMark(state, marks.superscript),
  subscript: (state) => hasMark(state, marks.subscript),
  link: (state) => hasMark(state, marks.link),
  bullet_list: (state) => ancestor(state, LISTS)?.type === nodes.bullet_list,
  ordered_list: (state) => ancestor(state, LISTS)?.type === nodes.ordered_list,
  blockquote: (state) => isInside(state, nodes.blockquote),
};

/** The value of the list of paragraph kinds. */
export const blockKind = (state: EditorState): string => {
  const { parent } = state.selection.$from;
  if (parent.type === nodes.heading) return `heading${parent.attrs.level}`;
  return parent.type === nodes.paragraph ? "paragraph" : "";
};
