// What somebody does in suggest mode, as a suggestion: the text before and the text that the person made are compared,
// and what would go and what would come is marked. Refusing gives the text before, block ids included; the server proves it.
import { Fragment, Mark, Slice, type MarkType, type Node } from "prosemirror-model";
import type { Transform } from "prosemirror-transform";
import { newId, schema } from "./schema";

const { insertion, deletion, modification } = schema.marks;
const SUGGESTED = new Set<MarkType>([insertion, deletion, modification]);
const LISTS = new Set(["bullet_list", "ordered_list"]);
const CELLS = new Set(["table_cell", "table_header"]);
const ITEMS = new Set(["list_item", "blockquote"]);

export interface Author {
  mine(id: string): boolean;
  fresh(): string; // an id for what is new now; the same during one change
}
/** Where the cursor was, before. */
export interface Caret {
  head: number;
  empty: boolean;
}
interface Op {
  run(tr: Transform): void;
}
/** A stretch of the person's text, and where it is in the text before (`plus`: so far into what is put in there). */
interface Span {
  from: number;
  to: number;
  at(pos: number): { old: number; plus: number; side: -1 | 1 };
}
interface Unit {
  text: string; // a letter; "" for what is no text
  node: Node;
  size: number;
}
export interface Suggested {
  apply(tr: Transform): void;
  changes: boolean;
  /** A position of the person's text in the marked text; null when it has none. */
  place(pos: number, tr: Transform): number | null;
}

export const isSuggestion = (mark: Mark): boolean => SUGGESTED.has(mark.type);
const plainMarks = (marks: readonly Mark[]): readonly Mark[] => marks.filter((mark) => !isSuggestion(mark));
const idOf = (node: Node): string => String(node.attrs.id ?? "");

const units = (fragment: Fragment): Unit[] => {
  const found: Unit[] = [];
  fragment.forEach((node) => {
    if (node.isText) for (const letter of node.text!) found.push({ text: letter, node, size: letter.length });
    else found.push({ text: "", node, size: node.nodeSize });
  });
  return found;
};
const sameWords = (a: Unit, b: Unit): boolean => a.text === b.text && (a.text !== "" || a.node.mark(Mark.none).eq(b.node.mark(Mark.none)));
const sameUnit = (a: Unit, b: Unit): boolean => sameWords(a, b) && Mark.sameSet(a.node.marks, b.node.marks);
const width = (list: readonly Unit[]): number => list.reduce((sum, unit) => sum + unit.size, 0);

const prefix = (a: readonly Unit[], b: readonly Unit[]): number => {
  let n = 0;
  while (n < a.length && n < b.length && sameUnit(a[n], b[n])) n++;
  return n;
};
const suffix = (a: readonly Unit[], b: readonly Unit[], most: number): number => {
  let n = 0;
  while (n < most && sameUnit(a[a.length - 1 - n], b[b.length - 1 - n])) n++;
  return n;
};

class Comparison {
  readonly ops: Op[] = [];
  readonly spans: Span[] = [];
  private readonly known = new Set<string>();

  constructor(
    private readonly author: Author,
    private readonly caret: Caret,
    before: Node,
  ) {
    before.descendants((node) => {
      if (node.attrs.id) this.known.add(idOf(node));
      return !node.isTextblock;
    });
  }

  private do(run: (tr: Transform) => void): void {
    this.ops.push({ run });
  }

  private own(node: Node, type: MarkType): Mark | undefined {
    return node.marks.find((mark) => mark.type === type && this.author.mine(mark.attrs.id as string));
  }

  private span(from: number, to: number, at: Span["at"]): void {
    this.spans.push({ from, to, at });
  }

  // --- Blocks

  container(old: Node, next: Node, start: number, nextStart: number, raw: boolean): void {
    let first = 0;
    let pos = start;
    while (first < old.childCount && first < next.childCount && old.child(first).eq(next.child(first))) pos += old.child(first++).nodeSize;
    let last = 0;
    let tail = 0;
    while (last < Math.min(old.childCount, next.childCount) - first && old.child(old.childCount - 1 - last).eq(next.child(next.childCount - 1 - last))) {
      tail += old.child(old.childCount - 1 - last).nodeSize;
      last++;
    }
    const nextPos = nextStart + (pos - start);
    const oldEnd = start + old.content.size - tail;
    const nextEnd = nextStart + next.content.size - tail;
    this.span(nextStart, nextPos, (at) => ({ old: at - nextStart + start, plus: 0, side: -1 }));
    this.span(nextEnd, nextEnd + tail, (at) => ({ old: at - nextEnd + oldEnd, plus: 0, side: 1 }));
    this.middle(this.listed(old, first, last), this.listed(next, first, last), pos, nextPos, raw);
  }

  private listed(parent: Node, first: number, last: number): Node[] {
    return Array.from({ length: parent.childCount - first - last }, (_, n) => parent.child(first + n));
  }

  private middle(old: Node[], next: Node[], pos: number, nextPos: number, raw: boolean): void {
    const where = new Map(next.map((node, index) => [idOf(node), index]));
    let o = 0;
    let n = 0;
    const gap = (oldEnd: number, nextEnd: number): void => {
      while (o < oldEnd) {
        this.remove(old[o], pos, raw);
        pos += old[o++].nodeSize;
      }
      if (n < nextEnd) {
        const nodes = next.slice(n, nextEnd);
        this.insert(nodes, pos, nextPos, raw);
        nextPos += nodes.reduce((sum, node) => sum + node.nodeSize, 0);
        n = nextEnd;
      }
    };
    const matches: [number, number][] = [];
    old.forEach((node, index) => {
      const at = where.get(idOf(node));
      if (at !== undefined && at > (matches[matches.length - 1]?.[1] ?? -1) && this.alike(node, next[at])) matches.push([index, at]);
    });
    matches.forEach(([oldAt, nextAt], index) => {
      gap(oldAt, nextAt);
      const [oldAfter, nextAfter] = matches[index + 1] ?? [old.length, next.length];
      const pair = old[oldAt];
      const made = next[nextAt];
      const followers = old.slice(oldAt + 1, oldAfter);
      const newcomers = next.slice(nextAt + 1, nextAfter);
      o = oldAt + 1;
      n = nextAt + 1;
      const between = [pair, ...followers].reduce((sum, node) => sum + node.nodeSize, 0);
      if (!raw && newcomers.length && this.split(pair, made, newcomers[0], pos, nextPos)) {
        nextPos += made.nodeSize + newcomers[0].nodeSize;
        n++;
        pos += pair.nodeSize;
      } else if (!raw && followers.length && this.join(pair, followers, made, pos, nextPos)) {
        o = oldAfter;
        pos += between;
        nextPos += made.nodeSize;
      } else {
        this.pair(pair, made, pos, nextPos, raw);
        pos += pair.nodeSize;
        nextPos += made.nodeSize;
      }
    });
    gap(old.length, next.length);
  }

  private alike(old: Node, next: Node): boolean {
    if (old.isTextblock && next.isTextblock) return true;
    if (old.type !== next.type) return LISTS.has(old.type.name) && LISTS.has(next.type.name);
    // A cell that grows over others would leave a table that is not one while it is only suggested.
    return !(old.type.name === "table" && this.mergedOtherwise(old, next));
  }

  private mergedOtherwise(old: Node, next: Node): boolean {
    const spans = (table: Node): Map<string, string> => {
      const found = new Map<string, string>();
      table.descendants((node) => {
        if (CELLS.has(node.type.name)) found.set(idOf(node), `${node.attrs.colspan}x${node.attrs.rowspan}`);
        return !CELLS.has(node.type.name);
      });
      return found;
    };
    const was = spans(old);
    return Array.from(spans(next)).some(([id, size]) => (was.get(id) ?? size) !== size);
  }

  private pair(old: Node, next: Node, pos: number, nextPos: number, raw: boolean): void {
    if (old.eq(next)) return this.span(nextPos, nextPos + next.nodeSize, (at) => ({ old: at - nextPos + pos, plus: 0, side: -1 }));
    const free = raw || this.own(old, insertion) !== undefined;
    this.markup(old, next, pos, free);
    if (old.isTextblock) this.inline(old.content, next.content, pos + 1, nextPos + 1, free);
    else if (!old.isLeaf) this.container(old, next, pos + 1, nextPos + 1, free);
  }

  private remove(node: Node, pos: number, raw: boolean): void {
    const end = pos + node.nodeSize;
    if (raw || this.own(node, insertion)) this.do((tr) => tr.delete(pos, end));
    else if (!deletion.isInSet(node.marks)) {
      const mark = deletion.create({ id: this.author.fresh() });
      this.do((tr) => tr.addNodeMark(pos, mark));
    }
  }

  private insert(nodes: Node[], pos: number, nextPos: number, raw: boolean): void {
    const made = nodes.map((node) => this.renewed(node, raw));
    const size = nodes.reduce((sum, node) => sum + node.nodeSize, 0);
    this.span(nextPos, nextPos + size, (at) => ({ old: pos, plus: at - nextPos, side: -1 }));
    this.do((tr) => tr.insert(pos, made));
  }

  /** A new block with nobody's suggestions in it; what was moved gets an id of its own, for the old one is still there. */
  private renewed(node: Node, raw: boolean): Node {
    const mark = this.own(node, insertion) ?? insertion.create({ id: this.author.fresh() });
    return this.cleaned(node, raw ? Mark.none : [mark]);
  }

  private cleaned(node: Node, marks: readonly Mark[]): Node {
    if (node.isText) return node.mark(plainMarks(node.marks));
    const attrs = node.attrs.id && this.known.has(idOf(node)) ? { ...node.attrs, id: newId() } : node.attrs;
    const content: Node[] = [];
    node.forEach((child) => void (deletion.isInSet(child.marks) || content.push(this.cleaned(child, plainMarks(child.marks)))));
    return node.type.create(attrs, content, marks);
  }

  // --- Kind and attributes of a block

  private markup(old: Node, next: Node, pos: number, raw: boolean): void {
    const attrs = { ...next.attrs, id: old.attrs.id as string };
    if (old.type !== next.type) {
      if (raw) return this.do((tr) => tr.setNodeMarkup(pos, next.type, attrs, old.marks));
      const { id: _id, ...before } = old.attrs;
      const marks = this.changed(old.marks, "nodeType", null, { type: old.type.name, attrs: before }, { type: next.type.name, attrs: { ...next.attrs, id: undefined } });
      return this.do((tr) => tr.setNodeMarkup(pos, next.type, attrs, marks));
    }
    const names = Object.keys(next.attrs).filter((name) => name !== "id" && JSON.stringify(old.attrs[name]) !== JSON.stringify(next.attrs[name]));
    let marks = old.marks;
    for (const name of names) {
      if (!raw) marks = this.changed(marks, "attr", name, old.attrs[name], next.attrs[name]);
      this.do((tr) => tr.setNodeAttribute(pos, name, next.attrs[name]));
    }
    for (const mark of old.marks) if (!mark.isInSet(marks)) this.do((tr) => tr.removeNodeMark(pos, mark));
    for (const mark of marks) if (!mark.isInSet(old.marks)) this.do((tr) => tr.addNodeMark(pos, mark));
  }

  /** The marks with one that says what was changed. One's own last change of the same thing is carried on, or undone. */
  private changed(marks: readonly Mark[], type: string, attrName: string | null, previousValue: unknown, newValue: unknown): readonly Mark[] {
    const about = marks.filter((mark) => mark.type === modification && mark.attrs.type === type && mark.attrs.attrName === attrName);
    const last = about[about.length - 1];
    if (last && this.author.mine(last.attrs.id as string)) {
      const rest = last.removeFromSet(marks);
      const back = JSON.stringify(last.attrs.previousValue) === JSON.stringify(newValue);
      return back ? rest : modification.create({ ...last.attrs, newValue }).addToSet(rest);
    }
    return modification.create({ id: this.author.fresh(), type, attrName, previousValue, newValue }).addToSet(marks);
  }

  // --- Splitting and joining

  private split(old: Node, head: Node, tail: Node, pos: number, nextPos: number): boolean {
    if (this.own(old, insertion) || this.own(tail, insertion)) return false;
    const depth = old.isTextblock && tail.isTextblock ? 1 : ITEMS.has(old.type.name) && old.type === tail.type && head.lastChild?.isTextblock && tail.firstChild?.isTextblock ? 2 : 0;
    if (!depth || !old.sameMarkup(head.type.create(head.attrs, null, old.marks))) return false;
    const size = head.content.size - (depth - 1);
    const rest = tail.content.size - (depth - 1);
    const gone = old.content.size - size - rest;
    if (gone < 0 || (depth === 2 && (gone > 0 || !this.sameItem(old, head, tail)))) return false;
    if (depth === 1 && !(size && rest)) return false; // a new, empty paragraph says it better
    if (depth === 1 && !(old.content.cut(0, size).eq(head.content) && old.content.cut(old.content.size - rest).eq(tail.content))) return false;
    const from = pos + 1 + size;
    const at = from + gone;
    if (gone) this.erase(units(old.content.cut(size, size + gone)), from, this.author.fresh());
    const mark = modification.create({ id: this.author.fresh(), type: "split", newValue: depth });
    const shells = depth === 1 ? [old.copy(Fragment.empty), tail.type.create(tail.attrs, null, [mark])] : [old.copy(Fragment.from(head.lastChild!.copy(Fragment.empty))), tail.type.create(tail.attrs, tail.firstChild!.copy(Fragment.empty), [mark])];
    this.do((tr) => tr.replace(at, at, new Slice(Fragment.from(shells), depth, depth)));
    const second = nextPos + head.nodeSize;
    this.span(nextPos, second, (where) => ({ old: where - nextPos + pos, plus: 0, side: -1 }));
    this.span(second, second + tail.nodeSize, (where) => ({ old: at + where - second - depth, plus: 0, side: 1 }));
    return true;
  }

  /** Whether the two items are the one, divided inside a paragraph. */
  private sameItem(old: Node, head: Node, tail: Node): boolean {
    const index = head.childCount - 1;
    if (old.childCount !== head.childCount + tail.childCount - 1) return false;
    for (let n = 0; n < index; n++) if (!old.child(n).eq(head.child(n))) return false;
    for (let n = 1; n < tail.childCount; n++) if (!old.child(index + n).eq(tail.child(n))) return false;
    const joined = head.lastChild!.content.append(tail.firstChild!.content);
    return old.child(index).sameMarkup(head.lastChild!) && old.child(index).content.eq(joined) && head.lastChild!.content.size > 0 && tail.firstChild!.content.size > 0;
  }

  private join(old: Node, followers: Node[], next: Node, pos: number, nextPos: number): boolean {
    const last = followers[followers.length - 1];
    const lastPos = pos + [old, ...followers.slice(0, -1)].reduce((sum, node) => sum + node.nodeSize, 0);
    if (this.own(old, insertion) || deletion.isInSet(last.marks)) return false;
    if (old.isTextblock && last.isTextblock) return this.joinText(old, followers, last, next, pos, lastPos, nextPos);
    if (followers.length > 1 || !ITEMS.has(old.type.name) || old.type !== last.type || !old.lastChild?.isTextblock || !last.firstChild?.isTextblock || !this.sameItem(next, old, last)) return false;
    this.joinMark(last, lastPos, 2);
    const seam = old.content.size - 1;
    this.span(nextPos, nextPos + seam + 1, (at) => ({ old: at - nextPos + pos, plus: 0, side: -1 }));
    this.span(nextPos + seam + 2, nextPos + next.nodeSize, (at) => ({ old: lastPos + 2 + (at - nextPos - 1 - seam), plus: 0, side: 1 }));
    return true;
  }

  private joinText(old: Node, followers: Node[], last: Node, next: Node, pos: number, lastPos: number, nextPos: number): boolean {
    const [a, b, c] = [units(old.content), units(last.content), units(next.content)];
    const head = prefix(a, c);
    const tail = suffix(b, c, Math.min(b.length, c.length - head));
    if (!tail || !old.sameMarkup(next.type.create(next.attrs, null, old.marks))) return false;
    const made = c.slice(head, c.length - tail);
    const kept = width(a.slice(0, head));
    const id = this.author.fresh();
    this.erase(a.slice(head), pos + 1 + kept, id);
    const place = pos + 1 + old.content.size;
    if (made.length) this.put(next.content.cut(kept, kept + width(made)), place, id);
    let at = pos + old.nodeSize;
    for (const node of followers.slice(0, -1)) {
      this.remove(node, at, false);
      at += node.nodeSize;
    }
    this.joinMark(last, lastPos, 1);
    this.erase(b.slice(0, b.length - tail), lastPos + 1, id);
    const begin = nextPos + 1;
    const seam = begin + kept + width(made);
    const lost = width(b.slice(0, b.length - tail));
    const forward = this.caret.empty && this.caret.head === pos + 1 + old.content.size && !made.length;
    this.span(seam, nextPos + next.nodeSize, (where) => ({ old: lastPos + 1 + lost + where - seam, plus: 0, side: 1 }));
    if (made.length) this.span(begin + kept, seam, (where) => ({ old: place, plus: where - begin - kept, side: -1 }));
    if (!forward || kept < old.content.size) this.span(nextPos, begin + kept, (where) => ({ old: where - begin + pos + 1, plus: 0, side: -1 }));
    return true;
  }

  private joinMark(last: Node, pos: number, depth: number): void {
    const cut = last.marks.find((mark) => mark.type === modification && mark.attrs.type === "split" && this.author.mine(mark.attrs.id as string));
    if (this.own(last, insertion) || cut) this.do((tr) => tr.delete(pos - depth, pos + depth));
    else if (!last.marks.some((mark) => mark.type === modification && mark.attrs.type === "join")) {
      const mark = modification.create({ id: this.author.fresh(), type: "join", newValue: depth });
      this.do((tr) => tr.addNodeMark(pos, mark));
    }
  }

  // --- Words

  private inline(old: Fragment, next: Fragment, start: number, nextStart: number, raw: boolean): void {
    const [a, b] = [units(old), units(next)];
    let head = prefix(a, b);
    let tail = suffix(a, b, Math.min(a.length, b.length) - head);
    const beginning = this.beginning(a, b, head, tail, this.caret.head - start);
    tail -= beginning < head ? beginning - head : 0;
    head = beginning;
    const [lost, made] = [a.slice(head, a.length - tail), b.slice(head, b.length - tail)];
    const from = start + width(a.slice(0, head));
    const to = from + width(lost);
    const nextFrom = nextStart + (from - start);
    const nextTo = nextFrom + width(made);
    const same = lost.length === made.length && lost.every((unit, index) => sameWords(unit, made[index]));
    const backward = !this.caret.empty || this.caret.head !== from;
    this.span(nextTo, nextStart + next.size, (at) => ({ old: at - nextTo + to, plus: 0, side: 1 }));
    if (same) this.span(nextFrom, nextTo, (at) => ({ old: at - nextFrom + from, plus: 0, side: -1 }));
    else if (made.length) this.span(nextFrom, nextTo, (at) => ({ old: to, plus: at - nextFrom, side: -1 }));
    else this.span(nextFrom, nextFrom, () => ({ old: backward ? from : to, plus: 0, side: -1 }));
    if (head) this.span(nextStart, nextFrom - (made.length || lost.length ? 1 : 0), (at) => ({ old: at - nextStart + start, plus: 0, side: -1 }));
    if (!lost.length && !made.length) return;
    const content = next.cut(nextFrom - nextStart, nextTo - nextStart);
    if (raw) return this.do((tr) => tr.replace(from, to, new Slice(content, 0, 0)));
    if (same) return this.format(lost, made, from);
    const beside = this.beside(a[head - 1], a[a.length - tail]);
    const id = beside ?? this.author.fresh();
    this.erase(lost, from, id);
    if (made.length) this.put(content, to, id);
  }

  /** Of several places that would do ("a" typed in "aaa"), the one where the person was. Given and answered in letters. */
  private beginning(a: readonly Unit[], b: readonly Unit[], head: number, tail: number, caret: number): number {
    if (!this.caret.empty || caret < 0 || (head + tail !== a.length && head + tail !== b.length)) return head;
    let at = 0;
    for (let sum = 0; at < a.length && sum < caret; at++) sum += a[at].size;
    const gone = a.length - b.length;
    const wanted = gone > 0 && at >= gone && at !== head ? at - gone : at;
    if (wanted >= head) return head;
    const moved = head - wanted;
    return suffix(a, b, tail + moved) === tail + moved ? wanted : head;
  }

  /** The id of one's own suggestion next to the place: what is written on is one suggestion. */
  private beside(left: Unit | undefined, right: Unit | undefined): string | null {
    for (const type of [insertion, deletion]) {
      for (const unit of [left, right]) {
        const mark = unit && this.own(unit.node, type);
        if (mark) return mark.attrs.id as string;
      }
    }
    return null;
  }

  private erase(lost: readonly Unit[], from: number, id: string): void {
    const mark = deletion.create({ id });
    let pos = from;
    for (let n = 0; n < lost.length; ) {
      const kind = this.fate(lost[n]);
      const start = pos;
      while (n < lost.length && this.fate(lost[n]) === kind) pos += lost[n++].size;
      const end = pos;
      if (kind === "own") this.do((tr) => tr.delete(start, end));
      else if (kind === "mark") this.do((tr) => tr.addMark(start, end, mark));
    }
  }

  private fate(unit: Unit): "own" | "gone" | "mark" {
    if (this.own(unit.node, insertion)) return "own";
    return deletion.isInSet(unit.node.marks) ? "gone" : "mark";
  }

  private put(content: Fragment, pos: number, id: string): void {
    const mark = insertion.create({ id });
    const nodes: Node[] = [];
    content.forEach((node) => void nodes.push(this.cleaned(node, Mark.none).mark(mark.addToSet(plainMarks(node.marks)))));
    this.do((tr) => tr.replace(pos, pos, new Slice(Fragment.from(nodes), 0, 0)));
  }

  private format(lost: readonly Unit[], made: readonly Unit[], from: number): void {
    let pos = from;
    for (let n = 0; n < lost.length; ) {
      const [was, wanted, start] = [lost[n].node.marks, made[n].node.marks, pos];
      const { node } = made[n];
      do pos += lost[n++].size;
      while (n < lost.length && lost[n].text && node.isText && Mark.sameSet(lost[n].node.marks, was) && Mark.sameSet(made[n].node.marks, wanted));
      const end = pos;
      const marks = insertion.isInSet(was) && this.author.mine(insertion.isInSet(was)!.attrs.id as string) ? [...plainMarks(wanted), ...was.filter(isSuggestion)] : this.formatted(was, plainMarks(wanted));
      if (node.content.size) {
        this.do((tr) => tr.replace(start, end, new Slice(Fragment.from(node.mark(marks)), 0, 0))); // its own words are not formatted with it
        continue;
      }
      for (const mark of was) if (!mark.isInSet(marks)) this.do((tr) => tr.removeMark(start, end, mark));
      for (const mark of marks) if (!mark.isInSet(was)) this.do((tr) => tr.addMark(start, end, mark));
    }
  }

  private formatted(was: readonly Mark[], wanted: readonly Mark[]): readonly Mark[] {
    const before = plainMarks(was);
    let marks: readonly Mark[] = [...wanted, ...was.filter(isSuggestion)];
    for (const type of new Set([...before, ...wanted].map((mark) => mark.type))) {
      const [old, now] = [type.isInSet(before) ?? null, type.isInSet(wanted) ?? null];
      if (old === now || (old && now && old.eq(now))) continue;
      const last = was.filter((mark) => mark.type === modification && mark.attrs.type === "mark" && [mark.attrs.newValue, mark.attrs.previousValue].some((value) => (value as { type?: string } | null)?.type === type.name)).pop();
      const own = last && this.author.mine(last.attrs.id as string) ? last : null;
      if (own) marks = own.removeFromSet(marks);
      const first = own ? (own.attrs.previousValue as unknown) : (old?.toJSON() ?? null);
      const value = (now?.toJSON() as unknown) ?? null;
      if (JSON.stringify(first) === JSON.stringify(value)) continue;
      const mark = modification.create({ id: own ? (own.attrs.id as string) : this.author.fresh(), type: "mark", previousValue: first, newValue: value });
      marks = mark.addToSet(marks);
    }
    return marks;
  }
}

/** The change from `old` to `next` as a suggestion on `old`. */
export const suggest = (old: Node, next: Node, author: Author, caret: Caret): Suggested => {
  const compared = new Comparison(author, caret, old);
  compared.container(old, next, 0, 0, false);
  return {
    changes: compared.ops.length > 0,
    apply: (tr) => void compared.ops.reverse().forEach((op) => op.run(tr)),
    place: (pos, tr) => {
      const spans = compared.spans.filter((span) => span.from <= pos && pos <= span.to);
      const found = spans[spans.length - 1];
      if (!found) return null;
      const { old: at, plus, side } = found.at(pos);
      return Math.min(tr.mapping.map(at, side) + plus, tr.doc.content.size);
    },
  };
};
