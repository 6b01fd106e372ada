// One live connection to a room: a doorbell and presence. Nothing that is written travels here, and nothing depends on it:
// without it the page asks for itself. The editor (frontend/src) uses it too.

const RETRY = [500, 1000, 2000, 4000, 8000, 15_000, 30_000];
const SILENCE = 14_000; // the server says something every five seconds
/** @type {Record<string, number>} */
const LATER = { signedout: 30_000, many: 60_000, pace: 10_000 }; // refusals that pass

/** @param {number} delay */
const around = (delay) => delay * (0.6 + Math.random() * 0.8);

export class Connection {
  id = ""; // the session's, once the server has said welcome
  up = false; // whether rings can be relied on
  over = false; // refused for good
  /** @type {WebSocket | null} */
  socket = null;
  tries = 0;
  timer = 0;
  silence = 0;

  /**
   * ``hear`` gets what the server says (not its signs of life), and of our own: {type: "up"}, {type: "down"} (rings can, or cannot,
   * be relied on) and {type: "lost"} (the connection is gone; it is tried again).
   * @param {string} path
   * @param {(heard: any) => void} hear
   */
  constructor(path, hear) {
    this.path = path;
    this.hear = hear;
    addEventListener("online", () => this.soon());
    document.addEventListener("visibilitychange", () => !document.hidden && this.soon());
    addEventListener("pagehide", () => this.socket?.close());
    addEventListener("pageshow", (event) => event.persisted && this.soon());
    this.open();
  }

  /** @param {object} message */
  say(message) {
    if (this.socket?.readyState === WebSocket.OPEN && this.id) this.socket.send(JSON.stringify(message));
  }

  soon() {
    if (this.over || this.socket) return;
    this.tries = 0;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.open(), around(150));
  }

  open() {
    if (this.over || this.socket) return;
    const url = new URL(this.path, location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    let socket;
    try {
      socket = new WebSocket(url);
    } catch {
      return this.again(0);
    }
    this.socket = socket;
    this.listenForSilence();
    socket.addEventListener("message", (event) => socket === this.socket && this.heard(JSON.parse(String(event.data))));
    socket.addEventListener("close", () => this.lost(socket, 0));
  }

  /** @param {any} said */
  heard(said) {
    this.listenForSilence();
    if (said.type === "beat") return;
    if (said.type === "bell") return this.rely(said.up);
    if (said.type === "welcome") {
      this.id = said.id;
      this.tries = 0;
      this.hear(said);
      return this.rely(true);
    }
    if (said.type !== "closed") return this.hear(said);
    this.over = !(said.reason in LATER);
    this.hear(said);
    this.lost(this.socket, LATER[said.reason] ?? 0);
  }

  /**
   * @param {WebSocket | null} socket
   * @param {number} delay
   */
  lost(socket, delay) {
    if (!socket || socket !== this.socket) return;
    clearTimeout(this.silence);
    this.socket = null;
    this.id = "";
    socket.close();
    this.hear({ type: "lost" });
    this.rely(false);
    this.again(delay);
  }

  /** @param {number} delay */
  again(delay) {
    if (this.over) return;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.open(), around(delay || RETRY[Math.min(this.tries++, RETRY.length - 1)]));
  }

  // A sleeping laptop or a lost network: the browser itself may take minutes to notice.
  listenForSilence() {
    clearTimeout(this.silence);
    this.silence = window.setTimeout(() => this.lost(this.socket, 0), SILENCE);
  }

  /** @param {boolean} up */
  rely(up) {
    if (up === this.up) return;
    this.up = up;
    this.hear({ type: up ? "up" : "down" });
  }
}
