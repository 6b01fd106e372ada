// The page's one live connection: a doorbell and presence. Nothing that is written travels here, and nothing depends on it:
// without it every open section asks for itself.
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
  | { type: "bell"; up: boolean }
  | { type: "beat" }
  | { type: "closed"; reason: "signedout" | "role" | "frozen" | "many" | "pace" }
  | { type: "up" | "down" }; // ours: the connection can, or cannot, be relied on

const RETRY = [500, 1000, 2000, 4000, 8000, 15_000, 30_000];
const SILENCE = 14_000; // the server says something every five seconds
const LATER = { signedout: 30_000, many: 60_000, pace: 10_000 } as const;

const around = (delay: number): number => delay * (0.6 + Math.random() * 0.8);

export class Live {
  people: Person[] = [];
  id = "";
  up = false;
  private socket: WebSocket | null = null;
  private tries = 0;
  private timer = 0;
  private silence = 0;
  private over = false;
  private section: string | null = null;
  private readonly listeners = new Set<(heard: Heard) => void>();

  constructor(private readonly path: string) {
    window.addEventListener("online", () => this.soon());
    document.addEventListener("visibilitychange", () => !document.hidden && this.soon());
    window.addEventListener("pagehide", () => this.socket?.close());
    window.addEventListener("pageshow", (event) => event.persisted && this.soon());
    this.open();
  }

  listen(listener: (heard: Heard) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Which section this page writes in now; null when none. */
  enter(section: string | null): void {
    this.section = section;
    this.say({ type: "hello", section });
  }

  cursor(version: number, anchor: number, head: number): void {
    if (this.section) this.say({ type: "cursor", section: this.section, version, anchor, head });
  }

  typing(): void {
    if (this.section) this.say({ type: "typing", section: this.section });
  }

  private say(message: object): void {
    if (this.socket?.readyState === WebSocket.OPEN && this.id) this.socket.send(JSON.stringify(message));
  }

  private soon(): void {
    if (this.over || this.socket) return;
    this.tries = 0;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.open(), around(150));
  }

  private open(): void {
    if (this.over || this.socket) return;
    const url = new URL(this.path, location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    let socket: WebSocket;
    try {
      socket = new WebSocket(url);
    } catch {
      return this.again();
    }
    this.socket = socket;
    this.listenForSilence();
    socket.addEventListener("message", (event) => socket === this.socket && this.hear(JSON.parse(String(event.data)) as Heard));
    socket.addEventListener("close", () => this.lost(socket));
  }

  private hear(heard: Heard): void {
    this.listenForSilence();
    if (heard.type === "beat") return;
    if (heard.type === "welcome") {
      this.id = heard.id;
      this.tries = 0;
      this.enter(this.section);
      this.tell(heard);
      return this.rely(true);
    }
    if (heard.type === "bell") return this.rely(heard.up);
    if (heard.type === "presence") this.people = heard.people;
    if (heard.type === "closed") {
      this.over = heard.reason === "role" || heard.reason === "frozen";
      this.tell(heard);
      return this.lost(this.socket, heard.reason in LATER ? LATER[heard.reason as keyof typeof LATER] : 0);
    }
    this.tell(heard);
  }

  private lost(socket: WebSocket | null, delay = 0): void {
    if (!socket || socket !== this.socket) return;
    clearTimeout(this.silence);
    this.socket = null;
    this.id = "";
    socket.close();
    if (this.people.length) this.tell({ type: "presence", people: (this.people = []) });
    this.rely(false);
    this.again(delay);
  }

  private again(delay = 0): void {
    if (this.over) return;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.open(), around(delay || RETRY[Math.min(this.tries++, RETRY.length - 1)]));
  }

  // A sleeping laptop or a lost network: the browser itself may take minutes to notice.
  private listenForSilence(): void {
    clearTimeout(this.silence);
    this.silence = window.setTimeout(() => this.lost(this.socket), SILENCE);
  }

  private rely(up: boolean): void {
    if (up === this.up) return;
    this.up = up;
    this.tell({ type: up ? "up" : "down" });
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
