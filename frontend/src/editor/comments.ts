// Comments on words of the section that is being written: shown as decorations, never stored in the text, and carried
// through every step by the positions of their two ends. The cards beside the text are static/js/margin.js's; the two
// speak in events on the document.
import { getVersion, sendableSteps } from "prosemirror-collab";
import type { Node } from "prosemirror-model";
import { Plugin, PluginKey, TextSelection, type EditorState, type Transaction } from "prosemirror-state";
import { Mapping, type Mappable, type Step, type StepMap } from "prosemirror-transform";
import { Decoration, DecorationSet, type EditorView } from "prosemirror-view";
import { readSelection } from "./selection";

/** As the server says it: positions in the text after `version` steps. */
interface Said {
  id: number;
  section: string;
  start: number;
  end: number;
  version: number;
  state: string;
  quote: string;
}
interface Mark {
  id: number;
  from: number; // the two ends meet when the words are deleted, and change places when they are put back
  to: number;
  quote: string;
}
interface Shown {
  marks: Mark[];
  light: string;
}

const key = new PluginKey<Shown>("comments");
const REMEMBERED = 300;

const tell = (name: string, detail: unknown): boolean => document.dispatchEvent(new CustomEvent(name, { detail, cancelable: true }));

// Everything that is not text counts as wide as it is.
const letters = (block: Node): string => {
  let all = "";
  block.forEach((child) => (all += child.isText ? child.text! : "\ufffc".repeat(child.nodeSize)));
  return all;
};

/** The words between two places, blocks apart, without footnotes. */
export const wordsBetween = (doc: Node, from: number, to: number): string => {
  const lines: string[] = [];
  doc.nodesBetween(from, to, (node, pos) => {
    if (!node.isTextblock) return true;
    let line = "";
    node.forEach((child, offset) => {
      const at = pos + 1 + offset;
      if (child.isText) line += child.text!.slice(Math.max(0, from - at), Math.max(0, to - at));
      else if (child.type.name === "hard_break" && at >= from && at < to) line += " ";
    });
    lines.push(line.trim());
    return false;
  });
  return lines.join("\n").trim();
};

const same = (a: string, b: string): boolean => a.replace(/\s+/g, " ").normalize("NFC") === b.replace(/\s+/g, " ").normalize("NFC");

// Where the very words stand again after a part of them had been away: overlapping what was left, or in what was put back.
const putBack = (doc: Node, mark: Mark): Mark | null => {
  const low = Math.min(mark.from, mark.to);
  const high = Math.max(mark.from, mark.to);
  let found: Mark | null = null;
  doc.nodesBetween(Math.max(0, low - 1), Math.min(doc.content.size, high + 1), (node, pos) => {
    if (found || !node.isTextblock) return !found;
    const line = letters(node);
    for (let at = line.indexOf(mark.quote); at >= 0 && !found && mark.quote; at = line.indexOf(mark.quote, at + 1)) {
      const from = pos + 1 + at;
      const to = from + mark.quote.length;
      if (mark.from < mark.to ? from < high && to > low : from >= low && to <= high) found = { ...mark, from, to };
    }
    return false;
  });
  return found;
};

const settled = (doc: Node, mark: Mark): Mark => {
  if (mark.from < mark.to && same(wordsBetween(doc, mark.from, mark.to), mark.quote)) return mark;
  return putBack(doc, mark) ?? mark;
};

const through = (mark: Mark, mapping: Mappable): Mark => ({ ...mark, from: mapping.map(mark.from, 1), to: mapping.map(mark.to, -1) });

const decorate = (state: EditorState): DecorationSet => {
  const { marks, light } = key.getState(state)!;
  const found = marks
    .filter((mark) => mark.from < mark.to)
    .map((mark) => Decoration.inline(mark.from, mark.to, { class: `comment-mark${String(mark.id) === light ? " is-current" : ""}`, "data-points": String(mark.id) }));
  return DecorationSet.create(state.doc, found);
};

/** The comment at a place in the text, the shortest one first. */
const markAt = (state: EditorState, pos: number): Mark | undefined =>
  key.getState(state)!.marks.filter((mark) => mark.from <= pos && pos <= mark.to && mark.from < mark.to).sort((a, b) => a.to - a.from - (b.to - b.from))[0];

const lostOf = (state: EditorState): number[] => key.getState(state)!.marks.filter((mark) => mark.from >= mark.to).map((mark) => mark.id);

const watch = (): { update(view: EditorView, before: EditorState): void } => ({
  update(view, before) {
    const { state } = view;
    if (state.doc !== before.doc || key.getState(state) !== key.getState(before)) tell("rus:marks", { gone: lostOf(state), changed: state.doc !== before.doc });
    if (state.selection.eq(before.selection) || !view.hasFocus()) return;
    const here = markAt(state, state.selection.head);
    if (here) tell("rus:at-words", String(here.id));
  },
});

export const comments = (): Plugin<Shown> =>
  new Plugin<Shown>({
    key,
    state: {
      init: () => ({ marks: [], light: "" }),
      apply(tr: Transaction, shown: Shown) {
        const given = tr.getMeta(key) as Partial<Shown> | undefined;
        if (given) return { ...shown, ...given };
        return tr.docChanged ? { ...shown, marks: shown.marks.map((mark) => settled(tr.doc, through(mark, tr.mapping))) } : shown;
      },
    },
    props: { decorations: decorate },
    view: watch,
  });

/** One open section's side of the conversation with the margin. */
export class Comments {
  private maps: StepMap[] = []; // of the latest confirmed steps
  private version = 0;
  private waiting: Said[] = []; // of a text that has not come here yet

  constructor(
    private readonly view: () => EditorView,
    private readonly uuid: string,
    private readonly flush: () => Promise<boolean>,
  ) {
    document.addEventListener("rus:comments", this.onComments);
    document.addEventListener("rus:light", this.onLight);
    document.addEventListener("rus:to-words", this.onToWords);
    tell("rus:marks-wanted", null);
  }

  destroy(): void {
    document.removeEventListener("rus:comments", this.onComments);
    document.removeEventListener("rus:light", this.onLight);
    document.removeEventListener("rus:to-words", this.onToWords);
  }

  /** The steps that lead to `version` have been confirmed. */
  confirmed(steps: Step[], version: number): void {
    if (this.version !== version - steps.length) this.maps = [];
    this.maps.push(...steps.map((step) => step.getMap()));
    if (this.maps.length > REMEMBERED) this.maps.splice(0, this.maps.length - REMEMBERED);
    this.version = version;
  }

  /** After a change of the text: what spoke of a text that has come now. */
  settle(): void {
    if (this.waiting.length && this.waiting.every((said) => said.version <= getVersion(this.view().state))) this.show(this.waiting);
  }

  /** Comment the chosen words; with none chosen the paragraph, or go to the comment that the cursor stands in. */
  async comment(): Promise<void> {
    readSelection(this.view());
    const { selection } = this.view().state;
    const here = selection.empty ? markAt(this.view().state, selection.head) : undefined;
    if (here) return void tell("rus:comment-here", String(here.id));
    await this.flush();
    const { state } = this.view();
    const { $from, empty } = state.selection;
    if (empty && !$from.parent.isTextblock) return void tell("rus:comment-none", null);
    const [from, to] = empty ? [$from.start(), $from.end()] : [state.selection.from, state.selection.to];
    const quote = wordsBetween(state.doc, from, to);
    if (!quote) return void tell("rus:comment-none", null);
    const back = new Mapping((sendableSteps(state)?.steps ?? []).map((step) => step.getMap().invert()).reverse());
    tell("rus:comment", { section: this.uuid, start: back.map(from, 1), end: back.map(to, -1), doc_version: getVersion(state), quote });
  }

  private readonly onComments = (event: Event): void => {
    this.show((event as CustomEvent<Said[]>).detail.filter((said) => said.section === this.uuid && said.state === "open"));
  };

  private readonly onLight = (event: Event): void => {
    const light = (event as CustomEvent<string>).detail;
    this.put({ light });
  };

  private readonly onToWords = (event: Event): void => {
    const id = (event as CustomEvent<string>).detail;
    const mark = key.getState(this.view().state)!.marks.find((one) => String(one.id) === id && one.from < one.to);
    if (id && !mark) return;
    event.preventDefault();
    const view = this.view();
    if (mark) view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, mark.from, mark.to)).scrollIntoView());
    view.focus();
  };

  /** Shows it, if it is news: a change of what is drawn must not come between two keys for nothing. */
  private put(news: Partial<Shown>): void {
    const view = this.view();
    const known = key.getState(view.state)!;
    if (JSON.stringify({ ...known, ...news }) === JSON.stringify(known)) return;
    readSelection(view);
    view.dispatch(view.state.tr.setMeta(key, news).setMeta("addToHistory", false));
  }

  private show(all: Said[]): void {
    const { state } = this.view();
    const now = getVersion(state);
    this.waiting = all.some((said) => said.version > now) ? all : [];
    if (this.waiting.length) return;
    const unsent = (sendableSteps(state)?.steps ?? []).map((step) => step.getMap());
    const known = new Map(key.getState(state)!.marks.map((mark) => [mark.id, mark]));
    const marks = all.flatMap((said): Mark[] => {
      const behind = now - said.version;
      if (behind && (behind > this.maps.length || this.version !== now)) return known.has(said.id) ? [known.get(said.id)!] : [];
      const way = new Mapping([...(behind ? this.maps.slice(-behind) : []), ...unsent]);
      return [settled(state.doc, through({ id: said.id, from: said.start, to: said.end, quote: said.quote }, way))];
    });
    this.put({ marks });
  }
}
