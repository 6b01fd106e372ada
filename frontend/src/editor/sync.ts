// Between the editor and the step authority: batches out, others' steps in, and nothing typed is lost silently.
import { getVersion, receiveTransaction, sendableSteps } from "prosemirror-collab";
import type { Node } from "prosemirror-model";
import type { EditorState, Transaction } from "prosemirror-state";
import { Step, type Transform } from "prosemirror-transform";
import { lostText, remembering, removedText, unconfirmedText } from "./rescue";
import { schema } from "./schema";
import { ask, NoContact, Refusal, type RemoteStep, type StepsAnswer } from "./server";
import { dropUnsent, keepUnsent } from "./store";
import { closedWords, words } from "./words";

export type SaveState = "saved" | "saving" | "unsaved" | "offline" | "signedout" | "readonly";

/** What the sync needs of the editor around it. */
export interface Host {
  state(): EditorState;
  /** Before others' text is taken in: the cursor must be known where it is. */
  settled(): void;
  dispatch(tr: Transaction): void;
  /** Start over from the server's document; local steps are gone (their text has been rescued). */
  restart(): Promise<void>;
  show(state: SaveState, message?: string): void;
  rescue(text: string, why: string): void;
  others(name: string): void;
  /** These steps lead to `version` of the confirmed text; said just before they are shown. */
  confirmed(steps: Step[], version: number): void;
  /** Others' steps, just before they are shown. */
  heard(run: RemoteStep[]): void;
  /** Whether somebody rings when there is something new. */
  rung(): boolean;
}

export interface Address {
  steps: string;
  section: string; // key in the browser's store
  csrf: string;
  me: number;
}

interface Batch {
  id: string;
  origins: Set<Transform>;
}

const BATCH_DELAY = 300;
const POLL = 2000;
const POLL_RUNG = 15_000; // while the doorbell works
const POLL_HIDDEN = 15_000;
const RETRY = [1000, 2000, 4000, 8000, 15_000];
const MOST_STEPS = 500;

const uuid = (): string => {
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6] & 15) | 64;
  b[8] = (b[8] & 63) | 128;
  const hex = Array.from(b, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
};

const stable = (value: unknown): string =>
  JSON.stringify(value, (_key, item: unknown) =>
    item && typeof item === "object" && !Array.isArray(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  );

export class Sync {
  private batch: Batch | null = null;
  private busy = false;
  private again = false;
  private expected = 0; // the version that was rung for while we were talking
  private failures = 0;
  private timer = 0;
  private pollTimer = 0;
  private keepTimer = 0;
  private stopped = false;
  private broken = false; // our document is not the server's: begin again before anything else

  constructor(
    private readonly host: Host,
    private readonly address: Address,
    private readonly key: string,
    private base: Node,
  ) {
    this.plan();
  }

  /** After every change of the document by this person. */
  changed(): void {
    if (this.stopped) return;
    if (!this.failures) this.host.show("unsaved");
    this.keepSoon();
    if (!this.failures) this.later(BATCH_DELAY);
  }

  /** Something new on the server: look at once. */
  poke(): void {
    if (this.stopped) return;
    this.failures = 0;
    this.later(0);
  }

  /** The doorbell: the section is at `version` now. What it brings along is taken in at once, the rest is fetched. */
  ring(version: number, steps: RemoteStep[] | null): void {
    if (this.stopped || version <= getVersion(this.host.state())) return;
    if (this.busy || this.broken || this.failures || !steps || steps[0].n > getVersion(this.host.state()) + 1) return this.busy ? void (this.expected = version) : this.poke();
    try {
      this.take({ version, steps });
      this.settle();
    } catch {
      this.poke();
    }
  }

  /** The doorbell has begun or ceased to work. */
  replan(): void {
    if (!this.busy) this.plan();
  }

  /** Everything sent? Tries now; false when something is left. */
  async flush(): Promise<boolean> {
    for (let tries = 0; tries < 20 && this.unsent; tries++) {
      if (this.stopped || this.failures) return false;
      clearTimeout(this.timer);
      if (this.busy) await new Promise((resolve) => setTimeout(resolve, 50));
      else await this.exchange();
    }
    return !this.unsent;
  }

  get unsent(): boolean {
    return this.batch !== null || sendableSteps(this.host.state()) !== null;
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    clearTimeout(this.pollTimer);
    clearTimeout(this.keepTimer);
  }

  /** Steps that came back from the store belong to a batch that the server may already have. */
  adopt(id: string, origins: Set<Transform>): void {
    this.batch = { id, origins };
  }

  /** After Host.restart: the document is the server's. */
  rebased(base: Node): void {
    this.base = base;
    this.batch = null;
    void dropUnsent(this.key);
  }

  // --- Keeping

  private keepSoon(): void {
    clearTimeout(this.keepTimer);
    this.keepTimer = window.setTimeout(() => this.keep(), 150);
  }

  keep(): void {
    const sendable = sendableSteps(this.host.state());
    if (!sendable) return void dropUnsent(this.key);
    void keepUnsent({
      key: this.key,
      section: this.address.section,
      version: sendable.version,
      base: this.base.toJSON() as unknown,
      steps: sendable.steps.map((step) => step.toJSON() as unknown),
      batch: this.batch && { id: this.batch.id, count: this.ofBatch().length },
      at: new Date().toISOString(),
    });
  }

  // --- Exchanging

  private later(delay: number): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.exchange(), delay);
  }

  private plan(): void {
    clearTimeout(this.pollTimer);
    if (this.stopped) return;
    const delay = this.failures ? RETRY[Math.min(this.failures, RETRY.length) - 1] : document.hidden ? POLL_HIDDEN : this.host.rung() ? POLL_RUNG : POLL;
    this.pollTimer = window.setTimeout(() => void this.exchange(), delay);
  }

  private async exchange(): Promise<void> {
    if (this.stopped) return;
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    this.again = false;
    try {
      this.take(await this.talk());
      this.failures = 0;
      this.settle();
    } catch (error) {
      this.failed(error);
    } finally {
      this.busy = false;
      this.plan();
      if (this.expected > getVersion(this.host.state())) this.again = true;
      this.expected = 0;
      if (this.again && !this.failures) this.later(0);
    }
  }

  private async talk(): Promise<StepsAnswer> {
    if (this.broken) {
      await this.host.restart();
      this.broken = false;
    }
    const sendable = sendableSteps(this.host.state());
    if (!sendable) {
      this.batch = null;
      const since = getVersion(this.host.state());
      const answer = await ask<StepsAnswer>(`${this.address.steps}?since=${since}`, this.address.csrf, {}, this.address.me);
      if (answer.can_edit === false) this.closed(answer);
      return answer;
    }
    this.batch ??= { id: uuid(), origins: this.nextOrigins() };
    const steps = this.ofBatch().map((step) => step.toJSON() as unknown);
    if (!steps.length) {
      this.batch = null; // all of it fell away
      return { version: sendable.version, steps: [] };
    }
    this.host.show("saving");
    this.keep();
    const body = JSON.stringify({ version: sendable.version, batch_id: this.batch.id, steps });
    return ask<StepsAnswer>(this.address.steps, this.address.csrf, { method: "POST", body }, this.address.me);
  }

  private nextOrigins(): Set<Transform> {
    const sendable = sendableSteps(this.host.state())!;
    const origins = new Set<Transform>();
    let size = 0;
    for (const origin of sendable.origins) {
      const follows = (origin as Transaction).getMeta("appendedTransaction") as unknown;
      if (size >= MOST_STEPS && !origins.has(origin) && !follows) break;
      origins.add(origin);
      size++;
    }
    return origins;
  }

  /** The batch's steps as they are now, after whatever rebasing. They come first among the unconfirmed. */
  private ofBatch(): readonly Step[] {
    const sendable = sendableSteps(this.host.state());
    if (!sendable || !this.batch) return [];
    return sendable.steps.filter((_step, index) => this.batch!.origins.has(sendable.origins[index]));
  }

  private settle(): void {
    if (!this.unsent) {
      this.host.show("saved");
      void dropUnsent(this.key);
    } else {
      this.host.show("unsaved");
      this.keepSoon();
      this.later(this.batch ? 0 : BATCH_DELAY);
    }
  }

  // --- Taking in

  private take(answer: StepsAnswer): void {
    if (answer.steps.length) this.host.settled();
    let fresh = answer.steps.filter((entry) => entry.n > getVersion(this.host.state()));
    while (fresh.length && !this.stopped) {
      if (fresh[0].n !== getVersion(this.host.state()) + 1) throw new NoContact("a gap in the steps");
      const own = this.batch !== null && fresh[0].batch === this.batch.id;
      const end = fresh.findIndex((entry) => (this.batch !== null && entry.batch === this.batch.id) !== own);
      const run = end < 0 ? fresh : fresh.slice(0, end);
      if (own) this.confirm(run);
      else this.receive(run);
      fresh = fresh.slice(run.length);
    }
  }

  private confirm(run: RemoteStep[]): void {
    const mine = this.ofBatch();
    const same = mine.length === run.length && mine.every((step, index) => stable(step.toJSON()) === stable(run[index].step));
    if (!same) throw new Diverged();
    const steps = run.map((entry) => Step.fromJSON(schema, entry.step));
    const client = sendableSteps(this.host.state())!.clientID;
    const written = unconfirmedText(this.host.state(), steps.length);
    for (const step of steps) this.base = step.apply(this.base).doc!;
    this.batch = null;
    this.host.confirmed(steps, run[run.length - 1].n);
    this.host.dispatch(remembering(receiveTransaction(this.host.state(), steps, steps.map(() => client)), written));
  }

  private receive(run: RemoteStep[]): void {
    const state = this.host.state();
    const written = unconfirmedText(state);
    const steps = run.map((entry) => Step.fromJSON(schema, entry.step));
    for (const step of steps) {
      const result = step.apply(this.base);
      if (!result.doc) throw new Diverged();
      this.base = result.doc;
    }
    const tr = receiveTransaction(state, steps, run.map(() => "other"), { mapSelectionBackward: true });
    const theirs = run.some((entry) => entry.by !== this.address.me);
    const lost = [...(theirs ? removedText(state, tr.mapping) : []), ...lostText(written, tr.mapping, tr.doc)];
    this.host.heard(run);
    this.host.confirmed(steps, run[run.length - 1].n);
    this.host.dispatch(tr);
    const name = run[run.length - 1].by_name;
    if (run[run.length - 1].by !== this.address.me) this.host.others(name);
    if (lost.length) this.host.rescue(lost.join("\n"), words("rescue-removed", { name }));
    if (written.length) this.keepSoon();
  }

  // --- Refusals

  private failed(error: unknown): void {
    if (error instanceof NoContact) {
      this.failures++;
      this.keep();
      this.host.show("offline");
      return;
    }
    if (error instanceof Refusal && error.signedOut) {
      this.failures++;
      this.keep();
      this.host.show("signedout", error.code === "somebody_else" ? error.message : "");
      return;
    }
    if (error instanceof Refusal && error.status === 409 && Array.isArray(error.data.steps)) {
      try {
        this.take(error.data as unknown as StepsAnswer);
        this.again = true;
      } catch {
        this.startOver(words("rescue-diverged"));
      }
      return;
    }
    if (error instanceof Refusal && (error.status === 403 || error.status === 404 || error.code === "wrong_state")) return this.refuse(error.message);
    this.startOver(error instanceof Refusal ? error.message : words("rescue-diverged"));
  }

  private closed(answer: StepsAnswer): void {
    this.refuse(closedWords(answer));
  }

  /** Nothing more can be written here; what was not sent is shown so that it can be copied. */
  private refuse(message: string): void {
    this.rescueAll(message);
    this.stop();
    void dropUnsent(this.key);
    this.host.show("readonly", message);
  }

  private startOver(why: string): void {
    this.rescueAll(why);
    this.batch = null;
    this.broken = true;
    this.again = true;
  }

  private rescueAll(why: string): void {
    const texts = unconfirmedText(this.host.state()).map(({ text }) => text.trim());
    if (texts.length) this.host.rescue(texts.join("\n"), why);
  }
}

/** Our steps and the server's are not the same: begin again from the server's text. */
class Diverged extends Error {}
