// The same edits made in suggest mode: what the editor would send. Refusing must give the start, accepting the edit.
import { Node } from "prosemirror-model";
import { EditorState, TextSelection, type Transaction } from "prosemirror-state";
import { Step } from "prosemirror-transform";
import { fill } from "../editor/fill";
import { uniqueIds } from "../editor/ids";
import { schema } from "../editor/schema";
import { Book, tracked } from "../editor/suggestions";
import { corpus, random, whole } from "./corpus";

interface Suggested {
  name: string;
  steps: unknown[];
  after: unknown; // as it would be without suggest mode
}

const ME = 1;
const state = (doc: unknown): EditorState => EditorState.create({ doc: Node.fromJSON(schema, doc), plugins: [uniqueIds(), fill()] });

/** One edit (steps) in suggest mode, with the cursor where somebody at the keyboard would have it. */
const once = (before: EditorState, steps: unknown[], book: Book): { plain: EditorState; steps: unknown[] } => {
  const tr = before.tr;
  for (const step of steps) tr.step(Step.fromJSON(schema, step));
  const plain = before.applyTransaction(tr).state;
  return { plain, steps: sent(before, tracked(before, tr, book)).steps };
};

/** What is sent: the transaction and what follows by itself. */
const sent = (before: EditorState, tr: Transaction): { state: EditorState; steps: unknown[] } => {
  const applied = before.applyTransaction(tr);
  return { state: applied.state, steps: applied.transactions.flatMap((each) => each.steps.map((step) => step.toJSON() as unknown)) };
};

/** Keystrokes: letters, Backspace, Enter at random places, all as suggestions by one person. */
const typing = (start: unknown, seed: number): Suggested => {
  const next = random(seed * 7919);
  const book = new Book(ME, "Gun");
  let now = state(start);
  const steps: unknown[] = [];
  for (let n = 0; n < 25; n++) {
    const { $from, from } = now.selection;
    const tr = now.tr;
    const deed = next();
    if (deed < 0.2) {
      const at = TextSelection.near(now.doc.resolve(whole(now.doc, Math.floor(next() * (now.doc.content.size + 1)))));
      now = now.apply(tr.setSelection(at));
      continue;
    }
    if (!$from.parent.isTextblock) continue;
    if (deed < 0.6) tr.insertText("abcå😀"[Math.floor(next() * 4)], from);
    else if (deed < 0.8 && $from.parentOffset > 0 && !/[\udc00-\udfff]$/.test($from.nodeBefore?.text ?? "")) tr.delete(from - 1, from);
    else if (deed < 0.9) tr.split(from);
    else if ($from.parentOffset === 0 && $from.index(-1) > 0 && $from.node(-1).child($from.index(-1) - 1).isTextblock) tr.join($from.before());
    else continue;
    const made = sent(now, tracked(now, tr, book));
    steps.push(...made.steps);
    now = made.state;
  }
  return { name: `typing ${seed}`, steps, after: null };
};

export const suggested = (): { start: unknown; cases: Suggested[] } => {
  let count = 0;
  crypto.getRandomValues = (<T extends ArrayBufferView | null>(array: T): T => {
    const bytes = new Uint8Array(array!.buffer);
    const number = ++count;
    bytes.forEach((_byte, index) => (bytes[index] = (number >> (8 * (index % 4))) & 255));
    return array;
  }) as typeof crypto.getRandomValues;
  const { start, cases } = corpus();
  const edits = cases
    .filter(({ name }) => !/node mark|suggestion marks/.test(name)) // nobody sets these by hand
    .map(({ name, steps }) => {
      const made = once(state(start), steps, new Book(ME, "Gun"));
      return { name, steps: made.steps, after: made.plain.doc.toJSON() as unknown };
    });
  return { start, cases: [...edits, ...Array.from({ length: 40 }, (_, seed) => typing(start, seed + 1))] };
};
