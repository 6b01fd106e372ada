// Colleagues in the same response: the live connection that rings when something has changed, and who is at which piece. Without
// the connection the same is known from the page's own questions, only later.
import { Connection } from "./connection.js";
import { showWriters } from "./pieces.js";

const TYPING_PAUSE = 2000; // milliseconds between two signs that one types
const TYPING_SHOWN = 4500;
const ASKED_SHOWN = 20_000; // what was asked for, not told, is believed so long

const listed = (names) => new Intl.ListFormat(document.documentElement.lang, { type: "conjunction" }).format(names);

export class Company {
  here = []; // the others' sessions, as the server tells
  asked = { at: 0, rows: [] }; // the same as it was when the page last asked
  typing = new Map(); // session -> {piece, until}
  piece = null;
  typedAt = 0;
  timer = 0;

  /** ``heard`` gets {type: "piece" | "state" | "up" | "down" | "closed" | "welcome", ...}. */
  constructor(root, heard) {
    this.me = Number(root.dataset.person);
    this.words = root.dataset;
    this.heard = heard;
    this.connection = new Connection(root.dataset.live, (said) => this.hear(said));
    document.addEventListener("focusin", () => this.moved());
    document.addEventListener("focusout", () => setTimeout(() => this.moved()));
  }

  get up() {
    return this.connection.up;
  }

  /** Whether somebody else has the response open: then words are sent sooner. */
  get isShared() {
    return this.here.length > 0 || this.recently.length > 0;
  }

  get recently() {
    return Date.now() - this.asked.at < ASKED_SHOWN ? this.asked.rows : [];
  }

  moved() {
    const piece = document.activeElement?.closest?.("[data-together]")?.dataset.together ?? null;
    if (piece === this.piece) return;
    this.piece = piece;
    this.typedAt = 0;
    this.connection.say({ type: "at", piece });
  }

  /** This person typed in a piece. */
  typed() {
    if (!this.piece || Date.now() - this.typedAt < TYPING_PAUSE) return;
    this.typedAt = Date.now();
    this.connection.say({ type: "typing", piece: this.piece });
  }

  /** Who wrote lately, as the server knows when it is asked. */
  told(rows) {
    this.asked = { at: Date.now(), rows };
    this.show();
  }

  hear(said) {
    if (said.type === "presence") this.here = said.people.filter((row) => row.person !== this.me);
    if (said.type === "lost") this.here = [];
    if (said.type === "welcome") this.connection.say({ type: "at", piece: this.piece });
    if (said.type === "typing") {
      if (said.person !== this.me) this.typing.set(said.id, { piece: said.piece, until: Date.now() + TYPING_SHOWN });
    } else if (said.type !== "presence" && said.type !== "lost") return this.heard(said);
    this.show();
  }

  /** Beside each piece: who writes there, and who is only there. */
  show() {
    clearTimeout(this.timer);
    const now = Date.now();
    const present = new Set(this.here.map((row) => row.person));
    for (const [id, { until }] of this.typing) if (until <= now) this.typing.delete(id);
    const others = this.recently.filter((row) => !present.has(row.person)); // whoever is present says herself where
    for (const element of document.querySelectorAll("[data-together]")) {
      const name = element.dataset.together;
      const at = this.here.filter((row) => row.piece === name);
      const writes = (row) => this.typing.get(row.id)?.piece === name;
      const writing = new Set([...at.filter(writes), ...others.filter((row) => row.piece === name)].map((row) => row.name));
      const idle = new Set(at.map((row) => row.name).filter((who) => !writing.has(who)));
      const said = [[writing, this.words.writes], [idle, this.words.here]].filter(([names]) => names.size);
      showWriters(element, said.map(([names, does]) => `${listed([...names])} ${does}`).join(". "));
    }
    const ends = [...this.typing.values()].map(({ until }) => until);
    if (others.length) ends.push(this.asked.at + ASKED_SHOWN);
    if (ends.length) this.timer = setTimeout(() => this.show(), Math.max(50, Math.min(...ends) - now));
  }
}
