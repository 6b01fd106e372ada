// The page's one live connection: a doorbell and presence. Nothing that is written travels here, and nothing depends on it:
// without it every open section asks for itself.
import { Connection } from "../../../static/js/connection.js";
import type { RemoteStep } from "./server";

export interface Person {
  id: string; // the session
  person: number;
  name: string;
  color: number;
  section: string | null;
}
export interface RemoteCursor extends Person {
  section: string;
  version: number;
  anchor: number;
  head: number;
}
export type Heard =
  | { type: "welcome"; id: string; can_edit: boolean }
  | { type: "here"; section: string } // what happens in the section is heard from now on
  | { type: "presence"; people: Person[] }
  | { type: "step"; section: string; version: number; steps: RemoteStep[] | null }
  | ({ type: "cursor" } & RemoteCursor)
  | ({ type: "typing" } & Person)
  | { type: "comment"; id: number }
  | { type: "section"; section: string } // locked for review, or unlocked
  | { type: "closed"; reason: "signedout" | "role" | "frozen" | "many" | "pace" }
  | { type: "up" | "down" | "lost" }; // ours: the connection can, or cannot, be relied on; it is gone

export class Live {
  people: Person[] = [];
  private section: string | null = null;
  private readonly listeners = new Set<(heard: Heard) => void>();
  private readonly connection: Connection;

  constructor(path: string) {
    this.connection = new Connection(path, (heard: Heard) => this.hear(heard));
  }

  get up(): boolean {
    return this.connection.up;
  }

  listen(listener: (heard: Heard) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Which section this page writes in now; null when none. */
  enter(section: string | null): void {
    this.section = section;
    this.connection.say({ type: "hello", section });
  }

  cursor(version: number, anchor: number, head: number): void {
    if (this.section) this.connection.say({ type: "cursor", section: this.section, version, anchor, head });
  }

  typing(): void {
    if (this.section) this.connection.say({ type: "typing", section: this.section });
  }

  private hear(heard: Heard): void {
    if (heard.type === "welcome") this.enter(this.section);
    if (heard.type === "presence") this.people = heard.people;
    if (heard.type !== "lost") return this.tell(heard);
    if (this.people.length) this.tell({ type: "presence", people: (this.people = []) });
  }

  private tell(heard: Heard): void {
    for (const listener of this.listeners) listener(heard);
    if (heard.type === "comment" || heard.type === "up") document.dispatchEvent(new CustomEvent("rus:live", { detail: heard })); // for scripts of the page
  }
}

let joined: Live | null = null;

/** The page's connection, begun when the page says where (data-live). */
export const pageLive = (): Live | null => {
  const path = document.querySelector<HTMLElement>("[data-live]")?.dataset.live;
  return (joined ??= path ? new Live(path) : null);
};
