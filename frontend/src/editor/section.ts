// One section's editor: made where the section's text is shown, and taken away when the person is done.
import { collab, sendableSteps } from "prosemirror-collab";
import { dropCursor } from "prosemirror-dropcursor";
import { gapCursor } from "prosemirror-gapcursor";
import { history } from "prosemirror-history";
import { Node } from "prosemirror-model";
import { EditorState, Selection, type Command, type Plugin, type Transaction } from "prosemirror-state";
import { columnResizing, tableEditing } from "prosemirror-tables";
import { Step } from "prosemirror-transform";
import { EditorView } from "prosemirror-view";
import { Comments, comments } from "./comments";
import { Company } from "./company";
import { cursors } from "./cursors";
import * as dialogs from "./dialogs";
import { fill } from "./fill";
import { uniqueIds } from "./ids";
import { keys, typing } from "./keys";
import { Names, nodeViews } from "./nodeviews";
import { pasting } from "./paste";
import { pageLive } from "./live";
import { recentText } from "./rescue";
import { RescuedCards } from "./rescued";
import { schema, SCHEMA_VERSION } from "./schema";
import { currentSelection, readSelection } from "./selection";
import { ask, NoContact, Refusal, type Refs, type RemoteStep, type SectionAnswer } from "./server";
import { abandoned, dropUnsent, holdKey, type Unsent } from "./store";
import { Book, markViews, suggestionLooks, takeAway, tracked, unclaimed } from "./suggestions";
import { SuggestionBar } from "./suggestion_bar";
import { Sync, type Host, type SaveState } from "./sync";
import { Toolbar, type Action } from "./toolbar";
import { clone, closedWords, time, words } from "./words";

const REFRESH_NAMES = 30_000;

const text = (value: unknown): string => {
  try {
    return Node.fromJSON(schema, value).textContent;
  } catch {
    return "";
  }
};

export class SectionEditor implements Host {
  readonly root: HTMLElement;
  view!: EditorView;
  private sync!: Sync;
  private toolbar!: Toolbar;
  private names = new Names({});
  private cards!: RescuedCards;
  private company: Company | null = null;
  private comments: Comments | null = null;
  private editable = true;
  private book!: Book;
  private suggestions!: SuggestionBar;
  private onlySuggest = false;
  private suggesting = false;
  private readonly client = Math.random().toString(36).slice(2);
  private readonly store: string;
  private release: () => void = () => undefined;
  private timer = 0;
  private lastState: SaveState | "" = "";
  private savedAt = new Date();

  private constructor(readonly mount: HTMLElement) {
    this.root = clone("editor-shell").firstElementChild as HTMLElement;
    this.store = `${mount.dataset.user ?? ""}:${mount.dataset.sectionUrl!}`;
  }

  static async open(mount: HTMLElement): Promise<SectionEditor> {
    const editor = new SectionEditor(mount);
    await editor.begin();
    return editor;
  }

  // --- Beginning

  private async begin(): Promise<void> {
    const { sectionUrl, csrf = "" } = this.mount.dataset;
    const answer = await ask<SectionAnswer>(sectionUrl!, csrf);
    this.names = new Names(answer.refs);
    this.editable = answer.can_edit;
    this.book = new Book(Number(this.mount.dataset.user), this.mount.dataset.name ?? "");
    const key = `${this.store}:${this.client}`;
    this.release = await holdKey(key);
    this.build(answer);
    const left = await abandoned(this.store);
    await this.cards.restore();
    this.sync = new Sync(this, { steps: this.mount.dataset.stepsUrl!, section: this.store, csrf, me: Number(this.mount.dataset.user) }, key, this.view.state.doc);
    this.company = new Company(pageLive(), this.mount.dataset.section!, Number(this.mount.dataset.user), () => this.view, this.part("others"), (message) => this.announce(message));
    this.comments = new Comments(() => this.view, this.mount.dataset.section!, () => this.flush());
    if (this.editable && answer.schema_version === SCHEMA_VERSION) this.resume(left, answer.version);
    else this.showLeft(left, closedWords(answer));
    if (!this.editable) this.show("readonly", closedWords(answer));
    else if (!this.sync.unsent) this.show("saved");
    this.listen();
  }

  private build(answer: SectionAnswer): void {
    this.book.learn(answer.suggestions);
    this.toolbar = new Toolbar(this.root, this.actions());
    this.suggestions = new SuggestionBar(this.root, this.book, this.barHost());
    this.cards = new RescuedCards(this.part("rescued"), this.store, (words_) => this.putBack(words_));
    this.view = new EditorView(this.part("text"), {
      state: this.fresh(Node.fromJSON(schema, answer.doc), answer.version),
      editable: () => this.editable,
      markViews,
      nodeViews: nodeViews(this.names, (kind, view, pos) => void (kind === "figure" ? dialogs.figure(view, this.places, pos) : dialogs.footnote(view, pos))),
      attributes: { lang: "sv", spellcheck: "true", role: "textbox", "aria-multiline": "true", "aria-label": words("editor-label", { title: answer.title }), class: "prose" },
      dispatchTransaction: (tr) => this.apply(tr),
    });
    this.toolbar.attach(this.view);
    this.suggestions.update(true);
    this.only(answer.only_suggest);
  }

  // --- Suggesting

  /** Whether this person may do nothing but suggest; otherwise as it was chosen last. */
  private only(only: boolean): void {
    this.onlySuggest = only;
    this.root.classList.toggle("is-only-suggesting", only);
    this.mode(only || localStorage.getItem(this.modeKey) === "suggest");
  }

  private get modeKey(): string {
    return `rus:mode:${this.mount.dataset.user ?? ""}`;
  }

  private mode(suggesting: boolean): void {
    this.suggesting = suggesting;
    this.root.classList.toggle("is-suggesting", suggesting);
    const button = this.root.querySelector<HTMLElement>("[data-command=suggest]");
    button?.setAttribute("aria-pressed", String(suggesting));
    this.part("mode").hidden = !suggesting;
    this.part("mode-words").textContent = words(this.onlySuggest ? "mode-only" : "mode-suggest");
  }

  private readonly switchMode: Command = (_state, dispatch) => {
    if (!dispatch) return true;
    if (this.onlySuggest) this.announce(words("mode-only"));
    else {
      this.mode(!this.suggesting);
      localStorage.setItem(this.modeKey, this.suggesting ? "suggest" : "edit");
      if (!this.suggesting) this.view.dispatch(this.view.state.tr.setStoredMarks(null));
      this.announce(words(this.suggesting ? "mode-suggest" : "mode-edit"));
    }
    return true;
  };

  private barHost(): ConstructorParameters<typeof SuggestionBar>[2] {
    const { sectionUrl, csrf = "", user } = this.mount.dataset;
    const outer = this;
    return {
      view: () => this.view,
      flush: () => this.sync.flush(),
      poke: () => this.sync.poke(),
      announce: (message) => this.announce(message),
      problem: (error) => dialogs.say(explain(error)),
      url: `${sectionUrl!}forslag/`,
      csrf,
      person: Number(user),
      get writer() {
        return !outer.onlySuggest;
      },
    };
  }

  private fresh(doc: Node, version: number): EditorState {
    const plugins: Plugin[] = [
      currentSelection(),
      recentText(),
      pasting({ refuse: (problem) => dialogs.say(problem, this.view), image: (file) => void dialogs.figure(this.view, this.places, null, file), notice: (message) => this.announce(message) }),
      typing(),
      ...keys({
        "Mod-k": (_s, _d, view) => (view && void dialogs.link(view), true),
        "Mod-/": (_s, _d, view) => (view && dialogs.help(view), true),
        "Mod-Alt-f": (_s, _d, view) => (view && void dialogs.footnote(view), true),
        "Mod-Alt-r": (_s, _d, view) => (view && void dialogs.reference(view, this.names), true),
        "Mod-Alt-s": this.switchMode,
        "Mod-Alt-n": (state, dispatch) => this.suggestions.next(state, dispatch),
        "Mod-Alt-p": (state, dispatch) => this.suggestions.previous(state, dispatch),
        "Mod-Alt-g": (state, dispatch) => this.suggestions.settle(true)(state, dispatch),
        "Mod-Alt-a": (state, dispatch) => this.suggestions.settle(false)(state, dispatch),
        "Mod-z": (state, dispatch) => this.suggestions.undo(state, dispatch),
        "Mod-Alt-m": () => (void this.comments?.comment(), true),
        "Alt-F10": () => (this.root.querySelector<HTMLElement>("[role=toolbar] [tabindex='0']")?.focus(), true),
        Enter: (state) => this.enterOnNode(state),
        Backspace: (state, dispatch) => this.suggesting && takeAway(true)(state, dispatch),
        Delete: (state, dispatch) => this.suggesting && takeAway(false)(state, dispatch),
      }),
      uniqueIds(),
      fill(),
      unclaimed(),
      suggestionLooks(this.book),
      collab({ version, clientID: this.client }),
      history(),
      dropCursor({ width: 2, class: "drop-cursor", color: false }),
      gapCursor(),
      columnResizing({ lastColumnResizable: false }),
      tableEditing(),
      cursors(),
      comments(),
    ];
    return EditorState.create({ doc, plugins });
  }

  // Enter on a marked footnote or picture opens it.
  private enterOnNode(state: EditorState): boolean {
    const node = (state.selection as Selection & { node?: Node }).node;
    if (node?.type === schema.nodes.footnote) void dialogs.footnote(this.view, state.selection.from);
    else if (node?.type === schema.nodes.figure) void dialogs.figure(this.view, this.places, state.selection.from);
    else return false;
    return true;
  }

  private get places(): dialogs.Places {
    return { images: this.mount.dataset.imagesUrl!, csrf: this.mount.dataset.csrf ?? "", person: this.mount.dataset.user ?? "" };
  }

  private actions(): Record<string, Action> {
    return {
      link: (view) => void dialogs.link(view),
      figure: (view) => void dialogs.figure(view, this.places),
      footnote: (view) => void dialogs.footnote(view),
      reference: (view) => void dialogs.reference(view, this.names),
      table: (view) => void dialogs.table(view),
      comment: () => void this.comments?.comment(),
      help: dialogs.help,
      suggest: (view) => void this.switchMode(view.state, view.dispatch),
      suggestion_next: (view) => void (this.suggestions.next(view.state, view.dispatch), view.focus()),
      suggestion_previous: (view) => void (this.suggestions.previous(view.state, view.dispatch), view.focus()),
      suggestion_accept: (view) => void (this.suggestions.settle(true)(view.state, view.dispatch), view.focus()),
      suggestion_refuse: (view) => void (this.suggestions.settle(false)(view.state, view.dispatch), view.focus()),
      suggestion_accept_all: () => this.suggestions.all(true),
      suggestion_refuse_all: () => this.suggestions.all(false),
      done: () => this.mount.dispatchEvent(new CustomEvent("rus:done", { bubbles: true })),
    };
  }

  // --- What a tab that no longer lives left behind

  private resume(left: Unsent[], version: number): void {
    const [first, ...rest] = left.filter((entry) => entry.version <= version);
    this.showLeft([...rest, ...left.filter((entry) => entry.version > version)], words("rescue-left"));
    if (!first) return;
    try {
      const doc = Node.fromJSON(schema, first.base);
      this.view.updateState(this.fresh(doc, first.version));
      this.book.mineNow(first.steps);
      const steps = first.steps.map((step) => Step.fromJSON(schema, step));
      const sent = first.batch?.count ?? 0;
      const batch = this.again(steps.slice(0, sent));
      this.sync.rebased(doc);
      if (first.batch && batch) this.sync.adopt(first.batch.id, new Set([batch]));
      this.again(steps.slice(sent));
      this.sync.changed();
      this.sync.keep();
      this.announce(words("resumed"));
    } catch {
      this.showLeft([first], words("rescue-left"));
      void this.restart();
      return;
    }
    void dropUnsent(first.key);
    this.sync.poke();
  }

  private again(steps: Step[]): Transaction | null {
    if (!steps.length) return null;
    const tr = this.view.state.tr;
    for (const step of steps) tr.step(step);
    this.view.updateState(this.view.state.apply(tr));
    return tr;
  }

  private showLeft(left: Unsent[], why: string): void {
    for (const entry of left) {
      const before = text(entry.base);
      try {
        let doc = Node.fromJSON(schema, entry.base);
        const found: string[] = [];
        for (const item of entry.steps) {
          const step = Step.fromJSON(schema, item);
          doc = step.apply(doc).doc ?? doc;
        }
        doc.forEach((block) => void (block.textContent && !before.includes(block.textContent) && found.push(block.textContent)));
        if (found.length) this.cards.add(found.join("\n"), why);
      } catch {
        this.cards.add(JSON.stringify(entry.steps), why); // unreadable, but not thrown away
      }
      void dropUnsent(entry.key);
    }
  }

  // --- While writing

  private apply(tr: Transaction): void {
    const before = this.view.state.doc;
    const waiting = sendableSteps(this.view.state)?.steps.length ?? 0;
    this.view.updateState(this.view.state.apply(this.suggesting ? tracked(this.view.state, tr, this.book) : tr));
    this.toolbar.update();
    this.suggestions.update(this.view.state.doc !== before);
    if (tr.getMeta("rebased") === undefined && this.view.state.doc !== before && (sendableSteps(this.view.state)?.steps.length ?? 0) > waiting) {
      this.sync.changed();
      this.suggestions.wrote();
      this.company?.typed();
    }
    if (tr.docChanged || tr.selectionSet) {
      this.company?.settle();
      this.comments?.settle();
      this.company?.moved();
    }
  }

  private putBack(words_: string): boolean {
    if (!this.editable) return false;
    const blocks = words_.split("\n").filter((line) => line.trim()).map((line) => schema.nodes.paragraph.create(null, schema.text(line)));
    const { $from } = this.view.state.selection;
    const at = $from.depth ? $from.after(1) : this.view.state.doc.content.size;
    const tr = this.view.state.tr.insert(at, blocks);
    this.view.dispatch(tr.setSelection(Selection.near(tr.doc.resolve(at + 1))).scrollIntoView());
    this.view.focus();
    return true;
  }

  private listen(): void {
    document.addEventListener("visibilitychange", this.onVisible);
    window.addEventListener("online", this.onOnline);
    window.addEventListener("pagehide", this.onHide);
    document.addEventListener("rus:outline-changed", this.onNames);
    this.timer = window.setInterval(this.onNames, REFRESH_NAMES);
  }

  private readonly onVisible = (): void => (document.hidden ? this.sync.keep() : this.sync.poke());
  private readonly onOnline = (): void => this.sync.poke();
  private readonly onHide = (): void => this.sync.keep();
  private readonly onNames = (): void => {
    if (document.hidden) return;
    void ask<{ sections: (Refs[string] & { uuid: string })[] }>(this.mount.dataset.refsUrl!, "")
      .then(({ sections }) => this.names.replace(Object.fromEntries(sections.map((section) => [section.uuid, section]))))
      .catch(() => undefined); // the names are as they were; the next round tries again
  };

  // --- Host

  state(): EditorState {
    return this.view.state;
  }

  settled(): void {
    readSelection(this.view);
  }

  dispatch(tr: Transaction): void {
    this.view.dispatch(tr);
  }

  async restart(): Promise<void> {
    const answer = await ask<SectionAnswer>(this.mount.dataset.sectionUrl!, this.mount.dataset.csrf ?? "");
    const doc = Node.fromJSON(schema, answer.doc);
    this.book.learn(answer.suggestions);
    this.view.updateState(this.fresh(doc, answer.version));
    this.sync.rebased(doc);
    this.toolbar.update();
    this.only(answer.only_suggest);
  }

  show(state: SaveState, message = ""): void {
    if (state === "saved") this.savedAt = this.lastState === "saved" ? this.savedAt : new Date();
    const said = message || words(`state-${state}`, { time: time(this.savedAt) });
    const line = this.part("state");
    if (line.textContent !== said) line.textContent = said;
    this.root.dataset.state = state;
    if (state === "readonly" && this.editable) {
      pageLive()?.enter(null);
      this.editable = false;
      this.view.setProps({ editable: () => false });
    }
    if (state === "readonly") {
      this.part("closed").hidden = false;
      this.part("closed-words").textContent = said;
    }
    const problem = state === "offline" || state === "signedout" || state === "readonly";
    const wasProblem = this.lastState === "offline" || this.lastState === "signedout";
    if (state !== this.lastState && (problem || (wasProblem && state === "saved"))) this.announce(said);
    if (state !== this.lastState) {
      this.toolbar.update();
      this.suggestions.update(true);
    }
    this.lastState = state;
    const uuid = this.mount.dataset.section;
    this.mount.dispatchEvent(new CustomEvent("rus:section-state", { bubbles: true, detail: { uuid, state, words: said } }));
  }

  rescue(text_: string, why: string): void {
    this.cards.add(text_, why);
    this.announce(words("rescue-announce", { why }));
  }

  others(name: string): void {
    this.company?.wrote(name);
  }

  confirmed(steps: Step[], version: number): void {
    this.company?.confirmed(steps, version);
    this.comments?.confirmed(steps, version);
  }

  heard(run: RemoteStep[]): void {
    for (const { step, by, by_name, at } of run) this.book.heard(step, by, by_name, at);
  }

  rung(): boolean {
    return pageLive()?.up ?? false;
  }

  private announce(message: string): void {
    this.part("live").textContent = message;
  }

  private part(name: string): HTMLElement {
    return this.root.querySelector<HTMLElement>(`[data-part=${name}]`)!;
  }

  // --- For the page

  focus(): void {
    this.view.focus();
  }

  poke(): void {
    this.sync.poke();
  }

  /** The doorbell rang for this section. */
  ring(version: number, steps: RemoteStep[] | null): void {
    this.sync.ring(version, steps);
  }

  /** The doorbell has begun to work (then something may have been missed), or has ceased to. */
  bell(up: boolean): void {
    if (up) this.sync.poke();
    else this.sync.replan();
  }

  get unsent(): boolean {
    return this.editable && this.sync.unsent;
  }

  /** Nobody can write here for now (or any more). */
  get closed(): boolean {
    return !this.editable;
  }

  get hasCards(): boolean {
    return this.part("rescued").childElementCount > 0;
  }

  flush(): Promise<boolean> {
    return this.editable ? this.sync.flush() : Promise.resolve(true);
  }

  destroy(): void {
    this.sync.keep();
    this.sync.stop();
    this.company?.destroy();
    this.comments?.destroy();
    clearInterval(this.timer);
    document.removeEventListener("visibilitychange", this.onVisible);
    window.removeEventListener("online", this.onOnline);
    window.removeEventListener("pagehide", this.onHide);
    document.removeEventListener("rus:outline-changed", this.onNames);
    this.view.destroy();
    this.root.remove();
    this.release();
  }
}

export const explain = (error: unknown): string => (error instanceof Refusal ? error.message : error instanceof NoContact ? words("open-no-contact") : words("open-failed"));
