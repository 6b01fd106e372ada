// The bar of suggestions: which one the cursor is at, the way to the next, and accepting or refusing. The server settles.
import { TextSelection, type Command } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";
import { ask } from "./server";
import { placeAt, places, told, type Book, type Place } from "./suggestions";
import { words } from "./words";

export interface BarHost {
  view(): EditorView;
  flush(): Promise<boolean>;
  poke(): void;
  announce(message: string): void;
  problem(error: unknown): void;
  readonly url: string;
  readonly csrf: string;
  readonly person: number;
  readonly writer: boolean; // settles anybody's; others take back their own
}
interface Answer {
  count: number;
  batch: string | null;
}

export class SuggestionBar {
  private readonly bar: HTMLElement;
  private readonly line: HTMLElement;
  private shown = "";
  private last: string | null = null; // the decision that Ctrl+Z takes back
  private busy = false;
  private deciding: Promise<void> | null = null;

  constructor(
    root: HTMLElement,
    private readonly book: Book,
    private readonly host: BarHost,
  ) {
    this.bar = root.querySelector<HTMLElement>("[data-suggestion-bar]")!;
    this.line = root.querySelector<HTMLElement>("[data-part=suggestion]")!;
  }

  /** After every change of the text or the selection. */
  update(changed: boolean): void {
    const { state } = this.host.view();
    const all = places(state.doc);
    if (this.bar.hidden !== !all.length) this.bar.hidden = !all.length;
    if (!all.length) return;
    const here = placeAt(state);
    const said = here ? `${this.origin(here)} ${told(here)}` : words("suggestions-count", { count: all.length });
    if (this.line.textContent !== said) this.line.textContent = said;
    for (const button of this.bar.querySelectorAll<HTMLButtonElement>("[data-needs-suggestion]")) button.setAttribute("aria-disabled", String(!here || !this.may(here)));
    if (here && here.id !== this.shown && !changed) this.host.announce(said);
    this.shown = here?.id ?? "";
  }

  private origin(found: Place): string {
    const origin = this.book.of(found.id);
    if (!origin) return "";
    const time = new Date(origin.at).toLocaleString(document.documentElement.lang || "sv", { dateStyle: "short", timeStyle: "short" });
    return words("suggestion-by", { name: origin.name, time });
  }

  private may(found: Place): boolean {
    return this.host.writer || this.book.mine(found.id);
  }

  readonly next = this.step(1);
  readonly previous = this.step(-1);

  private step(direction: 1 | -1): Command {
    return (state, dispatch) => {
      const all = places(state.doc);
      if (!all.length) return false;
      const here = placeAt(state);
      const index = here ? all.findIndex((each) => each.id === here.id) : -1;
      const at = state.selection.from;
      const beyond = direction === 1 ? all.findIndex((each) => each.from >= at) : all.length - 1 - [...all].reverse().findIndex((each) => each.to <= at);
      const chosen = all[(index >= 0 ? index + direction + all.length : Math.max(0, beyond)) % all.length] ?? all[0];
      dispatch?.(state.tr.setSelection(TextSelection.near(state.doc.resolve(Math.min(chosen.from + 1, state.doc.content.size)))).scrollIntoView());
      return true;
    };
  }

  settle(accept: boolean): Command {
    return (state, dispatch) => {
      const { from, to, empty } = state.selection;
      const here = placeAt(state);
      const chosen = empty ? (here ? [here] : []) : places(state.doc).filter((each) => each.from < to && each.to > from);
      const ids = chosen.filter((each) => this.may(each)).map((each) => each.id);
      if (!ids.length) return false;
      if (dispatch) this.decide(ids, accept);
      return true;
    };
  }

  /** Every suggestion of the section. */
  all(accept: boolean): void {
    const ids = places(this.host.view().state.doc).filter((each) => this.may(each)).map((each) => each.id);
    if (ids.length) this.decide(ids, accept);
  }

  private decide(ids: string[], accept: boolean): void {
    const deciding = this.send({ ids, accept }, accept ? "suggestions-accepted" : "suggestions-refused");
    this.deciding = deciding;
    void deciding.finally(() => this.deciding === deciding && (this.deciding = null));
  }

  /** Something was written: Ctrl+Z is about that now. */
  wrote(): void {
    this.last = null;
  }

  readonly undo: Command = (_state, dispatch) => {
    if (!this.last && !this.deciding) return false;
    if (dispatch) void this.takeBack();
    return true;
  };

  private async takeBack(): Promise<void> {
    await this.deciding; // somebody is quicker than the server
    if (this.last) await this.send({ undo: this.last }, "suggestions-undone");
  }

  private async send(body: object, said: string): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      if (!(await this.host.flush())) return this.host.announce(words("suggestions-wait"));
      const answer = await ask<Answer>(this.host.url, this.host.csrf, { method: "POST", body: JSON.stringify(body) }, this.host.person);
      this.last = "undo" in body ? null : answer.batch;
      this.host.poke();
      this.host.announce(words(said, { count: answer.count }));
    } catch (error) {
      this.host.problem(error);
    } finally {
      this.busy = false;
    }
  }
}
