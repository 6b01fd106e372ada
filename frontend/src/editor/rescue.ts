// Finding out which typed words did not survive a rebase. prosemirror-collab drops steps without a word.
import { sendableSteps } from "prosemirror-collab";
import type { Node } from "prosemirror-model";
import type { EditorState } from "prosemirror-state";
import type { Mappable } from "prosemirror-transform";

export interface Written {
  from: number;
  to: number;
  text: string;
}

export const textIn = (doc: Node, from: number, to: number): string =>
  doc.textBetween(Math.max(0, from), Math.min(doc.content.size, to), "\n", (leaf) => (leaf.type.name === "hard_break" ? "\n" : ""));

const merged = (ranges: [number, number][]): [number, number][] => {
  const done: [number, number][] = [];
  for (const [from, to] of ranges.sort((a, b) => a[0] - b[0])) {
    const last = done[done.length - 1];
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else done.push([from, to]);
  }
  return done;
};

/** Where the text stands that has been typed but not confirmed, in today's document. */
export const unconfirmedText = (state: EditorState): Written[] => {
  const steps = sendableSteps(state)?.steps ?? [];
  let ranges: [number, number][] = [];
  for (const step of steps) {
    const map = step.getMap();
    ranges = ranges.map(([from, to]) => [map.map(from, 1), map.map(to, -1)] as [number, number]).filter(([from, to]) => to > from);
    map.forEach((_oldStart, _oldEnd, from, to) => {
      if (to > from) ranges.push([from, to]);
    });
    ranges = merged(ranges);
  }
  return ranges.map(([from, to]) => ({ from, to, text: textIn(state.doc, from, to) })).filter(({ text }) => text.trim() !== "");
};

/** The texts of `before` that are not there after the change that `mapping` describes. */
export const lostText = (before: Written[], mapping: Mappable, doc: Node): string[] =>
  before
    .filter(({ from, to, text }) => {
      const start = mapping.map(from, 1);
      const end = mapping.map(to, -1);
      return end <= start || !textIn(doc, start, end).includes(text.trim());
    })
    .map(({ text }) => text.trim());
