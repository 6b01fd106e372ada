// Edits as people make them, by name and at random, each recorded as {name, steps, after}; all begin with `START`.
import { Fragment, Node, Slice, type NodeRange } from "prosemirror-model";
import { liftListItem, sinkListItem, splitListItem, wrapInList } from "prosemirror-schema-list";
import { EditorState, NodeSelection, TextSelection, type Command } from "prosemirror-state";
import * as tables from "prosemirror-tables";
import { findWrapping, Transform } from "prosemirror-transform";
import { commands, insertTable } from "../editor/commands";
import { schema } from "../editor/schema";

interface Case {
  name: string;
  steps: unknown[];
  after: unknown;
}

const UUID = "11111111-2222-4333-8444-555555555555";
const text = (words: string, ...marks: string[]): unknown => ({ type: "text", text: words, ...(marks.length ? { marks: marks.map((type) => ({ type })) } : {}) });
const block = (type: string, id: string, content: unknown[] = [], attrs: object = {}): unknown => ({ type, attrs: { id, ...attrs }, ...(content.length ? { content } : {}) });
const cell = (id: string, words: string, type = "table_cell"): unknown => block(type, id, [block("paragraph", `${id}p`, [text(words)])]);

const START = {
  type: "doc",
  content: [
    block("heading", "h1", [text("Mål för länet")], { level: 2 }),
    block("paragraph", "p1", [text("Länet är "), text("öppet", "strong"), text(" för 👩‍👩‍👧 alla, éåäö."), { type: "footnote", content: [text("En not.")] }]),
    block("paragraph", "p2", [text("Se "), { type: "ref", attrs: { section: UUID } }, text(" och vidare.")]),
    block("bullet_list", "l1", [block("list_item", "i1", [block("paragraph", "ip1", [text("ett")])]), block("list_item", "i2", [block("paragraph", "ip2", [text("två")])])]),
    block("table", "t1", [block("table_row", "r1", [cell("c1", "a", "table_header"), cell("c2", "b", "table_header")]), block("table_row", "r2", [cell("c3", "c"), cell("c4", "d")])]),
    block("blockquote", "q1", [block("paragraph", "qp", [text("Citat 😀 här")])]),
    block("figure", "f1", [], { image: UUID, alt: "Karta", caption: "", decorative: false }),
    block("paragraph", "p3", [text("Sist.")]),
  ],
};

export const random = (seed: number) => (): number => {
  seed = (seed * 1664525 + 1013904223) % 4294967296;
  return seed / 4294967296;
};

const recorded = (name: string, tr: Transform): Case => ({ name, steps: tr.steps.map((step) => step.toJSON() as unknown), after: tr.doc.toJSON() as unknown });

const where = (doc: Node, id: string): number => {
  let found = -1;
  doc.descendants((node, pos) => void (node.attrs.id === id && (found = pos)));
  return found;
};

const byCommand = (name: string, command: Command, from: [string, number], to: [string, number] = from): Case => {
  const doc = Node.fromJSON(schema, START);
  const state = EditorState.create({ doc, plugins: [tables.tableEditing()] });
  const at = ([id, offset]: [string, number]): number => where(doc, id) + 1 + offset;
  const selected = state.apply(state.tr.setSelection(TextSelection.create(doc, at(from), at(to))));
  let made: Transform | null = null;
  command(selected, (tr) => (made = tr));
  if (!made) throw new Error(`${name} does nothing`);
  return recorded(name, made);
};

const byHand = (name: string, edit: (tr: Transform, doc: Node) => void): Case => {
  const doc = Node.fromJSON(schema, START);
  const tr = new Transform(doc);
  edit(tr, doc);
  return recorded(name, tr);
};

const named = (): Case[] => [
  byCommand("heading 3", commands.heading3, ["p1", 2]),
  byCommand("paragraph of a heading", commands.paragraph, ["h1", 2]),
  byCommand("strong", commands.strong, ["p2", 0], ["p2", 2]),
  byCommand("strong over strong", commands.strong, ["p1", 0], ["p1", 14]),
  byCommand("superscript replaces subscript", commands.superscript, ["p1", 1], ["p1", 5]),
  byCommand("quote", commands.blockquote, ["p1", 1], ["p2", 1]),
  byCommand("unquote", commands.blockquote, ["qp", 1]),
  byCommand("bullet list", commands.bullet_list, ["p1", 1], ["p2", 1]),
  byCommand("other list", commands.ordered_list, ["ip1", 1]),
  byCommand("split item", splitListItem(schema.nodes.list_item), ["ip2", 2]),
  byCommand("sink item", sinkListItem(schema.nodes.list_item), ["ip2", 0]),
  byCommand("lift item", liftListItem(schema.nodes.list_item), ["ip1", 0]),
  byCommand("wrap in list", wrapInList(schema.nodes.ordered_list, { start: 3 }), ["p3", 0]),
  byCommand("line break", commands.break, ["p1", 4]),
  byCommand("insert table", insertTable(2, 3, true), ["p3", 2]),
  byCommand("row after", tables.addRowAfter, ["c3p", 0]),
  byCommand("row before", tables.addRowBefore, ["c1p", 0]),
  byCommand("column after", tables.addColumnAfter, ["c1p", 0]),
  byCommand("column delete", tables.deleteColumn, ["c4p", 0]),
  byCommand("row delete", tables.deleteRow, ["c4p", 0]),
  byCommand("header row", tables.toggleHeaderRow, ["c1p", 0]),
  byCommand("table delete", tables.deleteTable, ["c1p", 0]),
  byHand("delete across blocks", (tr, doc) => void tr.delete(where(doc, "p1") + 4, where(doc, "ip2") + 2)),
  byHand("split", (tr, doc) => void tr.split(where(doc, "p1") + 5).setNodeAttribute(where(doc, "p1"), "id", "new")),
  byHand("join", (tr, doc) => void tr.join(where(doc, "p2"))),
  byHand("alt text", (tr, doc) => void tr.setNodeAttribute(where(doc, "f1"), "alt", "En karta över länet")),
  byHand("node mark", (tr, doc) => void tr.addNodeMark(where(doc, "p2"), schema.marks.insertion.create({ id: "s1" }))),
  byHand("node mark away", (tr, doc) => void tr.addNodeMark(where(doc, "p2"), schema.marks.deletion.create({ id: "s2" })).removeNodeMark(where(doc, "p2"), schema.marks.deletion)),
  byHand("suggestion marks", (tr, doc) => void tr.addMark(where(doc, "p1") + 1, where(doc, "p1") + 8, schema.marks.deletion.create({ id: "s3" }))),
  byHand("wrap", (tr, doc) => {
    const range = doc.resolve(where(doc, "p1") + 1).blockRange(doc.resolve(where(doc, "p2") + 1)) as NodeRange;
    tr.wrap(range, findWrapping(range, schema.nodes.blockquote)!);
  }),
  byHand("replace inside a footnote", (tr, doc) => {
    doc.descendants((node, pos) => void (node.type === schema.nodes.footnote && tr.replaceWith(pos + 1, pos + 3, schema.text("Två 😀"))));
  }),
  byHand("open slice", (tr, doc) => void tr.replace(where(doc, "p1") + 3, where(doc, "p1") + 5, doc.slice(where(doc, "h1") + 3, where(doc, "p2") + 3))),
  byHand("half an emoji away", (tr, doc) => void tr.delete(where(doc, "qp") + 7, where(doc, "qp") + 9)),
];

// No browser puts the cursor inside a letter that is two UTF-16 units wide; Python refuses half a letter.
export const whole = (doc: Node, pos: number): number => (/^[\ud800-\udbff][\udc00-\udfff]$/.test(doc.textBetween(Math.max(0, pos - 1), Math.min(doc.content.size, pos + 1))) ? pos - 1 : pos);

const anyEdit = (tr: Transform, next: () => number, name: string): void => {
  const size = tr.doc.content.size;
  const a = whole(tr.doc, Math.floor(next() * (size + 1)));
  const b = whole(tr.doc, Math.min(size, a + Math.floor(next() * 12)));
  const kind = Math.floor(next() * 7);
  const marks = ["strong", "em", "superscript", "subscript"];
  try {
    if (kind === 0) tr.replaceRange(a, b, new Slice(Fragment.from(schema.text("nytt ☃")), 0, 0));
    else if (kind === 1) tr.deleteRange(a, b);
    else if (kind === 2) tr.addMark(a, b, schema.marks[marks[Math.floor(next() * 4)]].create());
    else if (kind === 3) tr.removeMark(a, b);
    else if (kind === 4) tr.replace(a, b, tr.doc.slice(whole(tr.doc, Math.floor(size / 3)), whole(tr.doc, Math.floor(size / 2))));
    else if (kind === 5) tr.insert(a, schema.nodes.paragraph.create({ id: name }, schema.text("stycke")));
    else tr.split(a);
  } catch {
    // A random edit that the library refuses is no case.
  }
};

const atRandom = (seed: number): Case => {
  const next = random(seed);
  const doc = Node.fromJSON(schema, START);
  const tr = new Transform(doc);
  for (let n = 0; n < 6; n++) anyEdit(tr, next, `n${seed}x${n}`);
  return recorded(`random ${seed}`, tr);
};

export const corpus = (): { start: unknown; cases: Case[] } => {
  const cases = [...named(), ...Array.from({ length: 60 }, (_, seed) => atRandom(seed + 1))];
  const state = EditorState.create({ doc: Node.fromJSON(schema, START) });
  const chosen = state.apply(state.tr.setSelection(NodeSelection.create(state.doc, where(state.doc, "f1"))));
  return { start: START, cases: [...cases, recorded("delete a picture", chosen.tr.deleteSelection())] };
};
