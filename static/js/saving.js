// Saving the pieces of a page where people write together: soon after the last key, at the latest after a while; what could not be
// sent is kept and tried again; what a colleague has changed meanwhile is put together, or shown beside.
import { together } from "./merging.js";
import { clock, fill, isComposing, same, say, showBoth, values } from "./pieces.js";
import { drop, keep } from "./unsent.js";

const PAUSE = 700; // milliseconds without a key before a piece is saved
const ALONE = 5000; // the longest that words wait while one goes on writing,
const SHARED = 1500; // and when a colleague has the response open
const AGAIN = 8000; // until what could not be saved is tried again
const PATIENCE = 20_000; // for one answer
const KEPT_ALIVE = 60_000; // bytes that a browser sends for a page that is being left
const SIGNED_OUT = 401;

const pieces = new WeakMap();

/** What the page knows: where to save (the element with the words), who else is here, whether anything can be written. */
export const page = { root: null, place: "", token: "", locked: false, isShared: () => false, typed: () => {}, look: () => {} };

export const shown = () => [...document.querySelectorAll("[data-together]")];

export function pieceOf(element) {
  if (!pieces.has(element))
    pieces.set(element, { base: values(element, true), revision: Number(element.dataset.revision), timer: 0, since: 0, busy: false, stopped: false, rung: 0 });
  return pieces.get(element);
}

export const isChanged = (element) => !same(values(element), pieceOf(element).base);

/** The piece is saved as ``base`` at ``revision``: the form's own fields for saving by button say so too. */
export function settle(element, piece, revision, base) {
  piece.revision = revision;
  piece.base = base;
  element.dataset.revision = revision;
  for (const field of element.querySelectorAll('input[type="hidden"][name$="revision"], [data-keeps="revision"]')) field.value = revision;
  for (const field of element.querySelectorAll('[data-keeps="value"]')) field.value = base.value ?? "";
  if (isChanged(element)) {
    keepUnsent(element, piece);
    if (!piece.stopped) later(element);
    return;
  }
  drop(page.place, element.dataset.together);
  const form = element.closest("form");
  if (!shown().some((one) => form.contains(one) && isChanged(one))) form.dispatchEvent(new Event("rus:saved", { bubbles: true }));
}

export function keepUnsent(element, piece) {
  keep(page.place, element.dataset.together, { base: piece.base, revision: piece.revision, values: values(element) });
}

// --- Saving

function later(element, wait = PAUSE) {
  const piece = pieceOf(element);
  piece.since ||= Date.now();
  clearTimeout(piece.timer);
  const most = piece.since + (page.isShared() ? SHARED : ALONE) - Date.now();
  piece.timer = setTimeout(() => save(element), Math.max(0, Math.min(wait, most)));
}

/** Blanks around a text are the writer's own until more is written: the server keeps none. */
export const bare = (fields) => Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value.trim()]));

export async function save(element) {
  const piece = pieceOf(element);
  const sent = values(element);
  if (piece.busy || piece.stopped || page.locked || !element.isConnected || same(sent, piece.base)) return;
  clearTimeout(piece.timer);
  if (isComposing(element)) {
    piece.timer = setTimeout(() => save(element), PAUSE);
    return;
  }
  piece.busy = true;
  piece.since = 0;
  say(element, "busy", page.root.dataset.saving);
  const fields = { ...sent, piece: element.dataset.together, revision: piece.revision, base: JSON.stringify(bare(piece.base)) };
  const { status, said } = await post(fields);
  piece.busy = false;
  if (status === 200) saved(element, piece, sent, said);
  else if (status === 409 && said.theirs) collided(element, piece, said);
  else notSaved(element, piece, status, said);
  if (piece.rung > piece.revision) page.look();
}

function notSaved(element, piece, status, said) {
  if (said) {
    piece.stopped = [403, 404, 409].includes(status);
    say(element, "problem", `${page.root.dataset.refused} ${said.message ?? ""}`);
    if (piece.stopped) page.look();
    return;
  }
  say(element, "problem", status === SIGNED_OUT ? page.root.dataset.signedout : page.root.dataset.offline);
  piece.timer = setTimeout(() => save(element), AGAIN);
}

/** {status, said}; ``said`` is null when the answer was not the platform's own, or there was none. */
async function post(fields, again = true) {
  const body = String(new URLSearchParams({ ...fields, csrfmiddlewaretoken: page.token }));
  try {
    const options = { method: "POST", headers: { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" }, body };
    const keepalive = document.hidden && body.length < KEPT_ALIVE;
    const answer = await fetch(page.root.dataset.save, { ...options, keepalive, signal: AbortSignal.timeout(PATIENCE) });
    if (answer.redirected) return { status: SIGNED_OUT, said: null };
    if (answer.headers.get("Content-Type")?.includes("json")) return { status: answer.status, said: await answer.json() };
    if (answer.status === 403 && again && (await renewToken())) return await post(fields, false);
    return { status: answer.status, said: null };
  } catch {
    return { status: 0, said: null };
  }
}

/** Whoever has signed in again, in another tab, has a new secret in her forms. Somebody else's is not taken. */
async function renewToken() {
  const answer = await fetch(location.href, { signal: AbortSignal.timeout(PATIENCE) });
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (fresh.querySelector("[data-writing]")?.dataset.person !== page.root.dataset.person) return false;
  page.token = fresh.querySelector("[name=csrfmiddlewaretoken]").value;
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = page.token;
  return true;
}

/** As the server has it now; ``sent`` with its own blanks when nobody else has changed it. */
export function arrived(fields, sent) {
  const found = Object.keys(sent).map((name) => [name, String(fields[name] ?? "")]);
  return Object.fromEntries(found.map(([name, value]) => [name, value === sent[name].trim() ? sent[name] : value]));
}

function saved(element, piece, sent, said) {
  const theirs = arrived(said.values, sent);
  const merged = !same(theirs, sent);
  say(element, "saved", `${merged ? page.root.dataset.merged : page.root.dataset.saved} ${clock()}`);
  const wanted = isComposing(element) ? null : both(sent, values(element), theirs);
  if (wanted) {
    fill(element, wanted);
    settle(element, piece, said.revision, theirs);
  } else {
    piece.base = sent; // more was written meanwhile, at the same words: the server puts it together at the next save
    keepUnsent(element, piece);
    later(element);
  }
}

/** What has been written since ``sent``, with what has come; null when the two touch. */
function both(sent, now, theirs) {
  const found = {};
  for (const name of Object.keys(sent)) {
    const mine = now[name].trim() === sent[name].trim() ? sent[name] : now[name];
    const one = together(sent[name], mine, theirs[name]);
    if (one === null) return null;
    found[name] = one === sent[name] ? now[name] : one;
  }
  return found;
}

function collided(element, piece, said) {
  piece.stopped = true;
  settle(element, piece, said.theirs.revision, Object.fromEntries(Object.keys(piece.base).map((name) => [name, String(said.theirs.values[name] ?? "")])));
  const decide = () => (piece.stopped = false);
  showBoth(element, said, {
    keep: { words: page.root.dataset.keep, deed: () => (decide(), save(element)) },
    take: {
      words: page.root.dataset.take,
      deed: () => {
        decide();
        fill(element, piece.base);
        settle(element, piece, piece.revision, values(element));
        say(element, "saved", page.root.dataset.taken);
      },
    },
  });
}

export function touched(event) {
  const element = event.target.closest?.("[data-together]");
  if (!element || !event.target.dataset.part) return;
  const piece = pieceOf(element);
  if (!isChanged(element)) {
    drop(page.place, element.dataset.together);
    if (!piece.stopped) say(element, "saved", page.root.dataset.saved);
    return;
  }
  keepUnsent(element, piece);
  if (event.type === "input") page.typed();
  if (piece.stopped || page.locked) return;
  say(element, "busy", page.root.dataset.waiting);
  later(element, event.type === "change" && event.target.type === "radio" ? 200 : PAUSE);
}
