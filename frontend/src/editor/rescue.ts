// Finding out which typed words did not survive a rebase. prosemirror-collab drops steps without a word.
import { sendableSteps } from "prosemirror-collab";
import type { Node } from "prosemirror-model";
import { Plugin, PluginKey, type EditorState, type Transaction } from "prosemirror-state";
import type { Mappable } from "prosemirror-transform";

const RECENT = 20_000; // so long is text one has just written, which whoever removes it may not have seen

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

/** Where the text stands that has been typed but not confirmed, in today's document; only that of the first `count` steps. */
export const unconfirmedText = (state: EditorState, count = Infinity): Written[] => {
  const steps = sendableSteps(state)?.steps ?? [];
  let ranges: [number, number][] = [];
  for (const [index, step] of steps.entries()) {
    const map = step.getMap();
    ranges = ranges.map(([from, to]) => [map.map(from, 1), map.map(to, -1)] as [number, number]).filter(([from, to]) => to > from);
    map.forEach((_oldStart, _oldEnd, from, to) => {
      if (to > from && index < count) ranges.push([from, to]);
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

// --- Text that has just been confirmed: somebody's removal may be on its way, made before this text was there to be seen.

interface Recent {
  from: number;
  to: number;
  until: number;
}

const recent = new PluginKey<Recent[]>("recent");

const together = (ranges: Recent[]): Recent[] => {
  const done: Recent[] = [];
  for (const range of ranges.sort((a, b) => a.from - b.from)) {
    const last = done[done.length - 1];
    if (last && range.from <= last.to) done[done.length - 1] = { from: last.from, to: Math.max(last.to, range.to), until: Math.max(last.until, range.until) };
    else done.push(range);
  }
  return done;
};

/** Follows what this person has just written through every change. */
export const recentText = (): Plugin<Recent[]> =>
  new Plugin<Recent[]>({
    key: recent,
    state: {
      init: () => [],
      apply: (tr, kept) => {
        const added = tr.getMeta(recent) as Recent[] | undefined;
        if (!kept.length && !added) return kept;
        const now = Date.now();
        const followed = kept.map(({ from, to, until }) => ({ from: tr.mapping.map(from, 1), to: tr.mapping.map(to, -1), until }));
        return together([...followed.filter(({ from, to, until }) => to > from && until > now), ...(added ?? [])]);
      },
    },
  });

/** `tr` confirms what has been `written`. */
export const remembering = (tr: Transaction, written: Written[]): Transaction =>
  tr.setMeta(recent, written.map(({ from, to }) => ({ from, to, until: Date.now() + RECENT })));

/** Just written, confirmed, and wholly taken away by the change that `mapping` describes. */
export const removedText = (state: EditorState, mapping: Mappable): string[] =>
  (recent.getState(state) ?? [])
    .filter(({ from, to, until }) => until > Date.now() && mapping.map(to, -1) <= mapping.map(from, 1))
    .map(({ from, to }) => textIn(state.doc, from, to).trim())
    .filter((text) => text !== "");
