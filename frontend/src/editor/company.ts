// The others in one open section: their cursors, who is here and who is writing, in words that do not chatter.
import type { Step } from "prosemirror-transform";
import type { EditorView } from "prosemirror-view";
import { CursorBook } from "./cursors";
import type { Heard, Live, Person } from "./live";
import { listed, unique } from "./presence";
import { readSelection } from "./selection";
import { words } from "./words";

const CURSOR_PAUSE = 120;
const TYPING_PAUSE = 2000;
const TYPING_SHOWN = 4500;
const WROTE_SHOWN = 6000;
const SAID_AGAIN = 600_000; // somebody who comes and goes is announced once in ten minutes

export class Company {
  readonly book = new CursorBook();
  private readonly writing = new Map<string, number>(); // name -> until when it is shown
  private readonly said = new Map<number, number>();
  private present = new Set<string>(); // names of those here at the last look
  private cursorTimer = 0;
  private typedAt = 0;
  private sent = "";
  private timer = 0;
  private readonly stopListening: () => void;

  constructor(
    private readonly live: Live | null,
    private readonly uuid: string,
    private readonly me: number,
    private readonly view: () => EditorView,
    private readonly place: HTMLElement,
    private readonly announce: (message: string) => void,
  ) {
    this.stopListening = live?.listen((heard) => this.hear(heard)) ?? (() => undefined);
    live?.enter(uuid);
    this.changed();
  }

  /** Another person's text has come: also without a live connection. */
  wrote(name: string): void {
    this.note(name, WROTE_SHOWN);
  }

  /** This person typed. */
  typed(): void {
    const now = Date.now();
    if (!this.live || now - this.typedAt < TYPING_PAUSE) return;
    this.typedAt = now;
    this.live.typing();
  }

  /** The text or the selection has changed on this screen. */
  moved(): void {
    if (!this.live || this.cursorTimer) return;
    this.cursorTimer = window.setTimeout(() => {
      this.cursorTimer = 0;
      this.sendCursor();
    }, CURSOR_PAUSE);
  }

  confirmed(steps: Step[], version: number): void {
    this.book.confirmed(steps, version);
  }

  /** After a change of the text: cursors that waited for it. */
  settle(): void {
    for (const cursor of this.book.due(this.view().state)) this.draw(cursor);
  }

  destroy(): void {
    this.stopListening();
    clearTimeout(this.cursorTimer);
    clearTimeout(this.timer);
    this.live?.enter(null);
  }

  private sendCursor(again = false): void {
    if (!this.view().hasFocus() && !again) return;
    const { version, anchor, head } = this.book.mine(this.view().state);
    const now = `${version}:${anchor}:${head}`;
    if (now === this.sent && !again) return;
    this.sent = now;
    this.live?.cursor(version, anchor, head);
  }

  private hear(heard: Heard): void {
    if (heard.type === "welcome") this.sent = "";
    if (heard.type === "presence") this.changed();
    if ((heard.type !== "cursor" && heard.type !== "typing") || heard.section !== this.uuid || heard.person === this.me) return;
    if (heard.type === "typing") return this.note(heard.name, TYPING_SHOWN);
    this.draw(heard);
  }

  private draw(cursor: Parameters<CursorBook["place"]>[1]): void {
    readSelection(this.view());
    const tr = this.book.place(this.view().state, cursor);
    if (tr) this.view().dispatch(tr);
  }

  private get here(): Person[] {
    return (this.live?.people ?? []).filter((each) => each.section === this.uuid && each.person !== this.me);
  }

  private changed(): void {
    const here = this.here;
    readSelection(this.view());
    const tr = this.book.only(this.view().state, new Set(here.map((each) => each.id)));
    if (tr) this.view().dispatch(tr);
    const names = new Set(here.map((each) => each.name));
    for (const name of this.present) if (!names.has(name)) this.writing.delete(name); // who has left writes no more
    this.present = names;
    const now = Date.now();
    const news = unique(here).filter((each) => now - (this.said.get(each.person) ?? -SAID_AGAIN) >= SAID_AGAIN);
    for (const each of news) this.said.set(each.person, now);
    if (news.length) {
      this.announce(words("others-here", { names: listed(news.map((each) => each.name)) }));
      this.sendCursor(true); // whoever has just come has not seen where I am
    }
    this.show();
  }

  private note(name: string, shown: number): void {
    this.writing.set(name, Math.max(Date.now() + shown, this.writing.get(name) ?? 0));
    this.show();
  }

  private show(): void {
    clearTimeout(this.timer);
    const now = Date.now();
    for (const [name, until] of this.writing) if (until <= now) this.writing.delete(name);
    const writing = Array.from(this.writing.keys());
    const idle = unique(this.here).map((each) => each.name).filter((name) => !this.writing.has(name));
    const said = [writing.length ? words("others", { name: listed(writing) }) : "", idle.length ? words("others-here", { names: listed(idle) }) : ""].filter(Boolean).join(". ");
    if (this.place.textContent !== said) this.place.textContent = said;
    if (writing.length) this.timer = window.setTimeout(() => this.show(), Math.max(50, Math.min(...this.writing.values()) - now));
  }
}
