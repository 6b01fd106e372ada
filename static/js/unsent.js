// Words that the server has not confirmed, kept in the browser: they survive a dead network, a closed tab and a reload. One entry
// per tab and piece; a tab that lives holds a lock, so that its words are left alone by the others.

const PREFIX = "rus-unsent:";
const OLD = 14 * 24 * 3600 * 1000; // milliseconds; so long somebody may be away
const tab = Math.random().toString(36).slice(2);
const lock = (name) => `rus-writing:${name}`;

navigator.locks?.request(lock(tab), () => new Promise(() => {}));

/** Nothing can be kept in a private window or a full store: the warning at leaving still holds. */
function attempt(work, otherwise) {
  try {
    return work(localStorage);
  } catch {
    return otherwise;
  }
}

const keyOf = (place, piece) => `${PREFIX}${place}:${piece}:${tab}`;

/** Keep what a piece says; ``place`` is the response and the person. */
export function keep(place, piece, entry) {
  attempt((store) => store.setItem(keyOf(place, piece), JSON.stringify({ ...entry, at: Date.now() })));
}

export function drop(place, piece) {
  forget(keyOf(place, piece));
}

export function forget(key) {
  attempt((store) => store.removeItem(key));
}

function read(key) {
  const entry = attempt((store) => JSON.parse(store.getItem(key)), null);
  if (entry && Date.now() - entry.at < OLD) return entry;
  forget(key);
  return null;
}

/** What tabs that no longer live left behind in a place, oldest first: {key, piece, base, revision, values, at}. */
export async function leftBehind(place) {
  const start = `${PREFIX}${place}:`;
  const keys = attempt((store) => Object.keys(store), []).filter((key) => key.startsWith(start));
  if (!keys.length) return [];
  const held = navigator.locks ? new Set((await navigator.locks.query()).held?.map(({ name }) => name)) : new Set([lock(tab)]);
  const found = [];
  for (const key of keys) {
    const [piece, owner] = key.slice(start.length).split(":");
    const entry = held.has(lock(owner)) ? null : read(key);
    if (entry) found.push({ ...entry, key, piece });
  }
  return found.sort((one, other) => one.at - other.at);
}
