// Two people changed the same text while one of them goes on writing: what differs between two texts, where a cursor is
// afterwards, and both changes put together when they do not touch. (The server does the same, and has the last word.)

const WORDS = /[\p{L}\p{N}_]+|\n+|[^\S\n]+|[^\p{L}\p{N}_\s]/gu;
const MOST = 1_000_000; // comparisons; a longer difference is taken as one change

/** What turns ``before`` into ``after``: changes {start, end, words} in places of ``before``, in order. */
export function changes(before, after) {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start += 1;
  let tail = 0;
  const most = Math.min(before.length, after.length) - start;
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  const [was, is] = [before.slice(start, before.length - tail), after.slice(start, after.length - tail)];
  if (!was && !is) return [];
  const [old, fresh] = [was.match(WORDS) ?? [], is.match(WORDS) ?? []];
  if (!was || !is || old.length * fresh.length > MOST) return [{ start, end: start + was.length, words: is }];
  return between(old, fresh, start);
}

/** The same for two lists of words: the longest common part is what has not changed. */
function between(old, fresh, offset) {
  const width = fresh.length + 1;
  const longest = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1)
    for (let j = fresh.length - 1; j >= 0; j -= 1)
      longest[i * width + j] = old[i] === fresh[j] ? longest[(i + 1) * width + j + 1] + 1 : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
  const found = [];
  let at = offset;
  let open = null;
  for (let i = 0, j = 0; i < old.length || j < fresh.length; ) {
    if (i < old.length && j < fresh.length && old[i] === fresh[j]) {
      at += old[i].length;
      open = null;
      i += 1;
      j += 1;
      continue;
    }
    if (!open) found.push((open = { start: at, end: at, words: "" }));
    if (j < fresh.length && (i === old.length || longest[i * width + j + 1] > longest[(i + 1) * width + j])) open.words += fresh[j++];
    else {
      at += old[i].length;
      open.end = at;
      i += 1;
    }
  }
  return found;
}

/** Where the place ``at`` of the text is after ``edits``: at its word, or at the end of what took the word's place. */
export function placeAfter(edits, at) {
  let moved = 0;
  for (const { start, end, words } of edits) {
    if (end <= at && start < at) moved += words.length - (end - start);
    else if (start < at) return start + moved + Math.min(at - start, words.length);
    else break;
  }
  return at + moved;
}

/** ``base`` with both changes, or null when they touch the same words. */
export function together(base, mine, theirs) {
  if (theirs === base || theirs === mine) return mine;
  if (mine === base) return theirs;
  const [here, there] = [changes(base, mine), changes(base, theirs)];
  if (here.some((one) => there.some((other) => one.start <= other.end && other.start <= one.end))) return null;
  let out = "";
  let at = 0;
  for (const { start, end, words } of [...here, ...there].sort((one, other) => one.start - other.start)) {
    out += base.slice(at, start) + words;
    at = end;
  }
  return out + base.slice(at);
}
