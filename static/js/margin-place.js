// Where the cards of a margin stand: each beside its words, none over another. The card one works with keeps its place, and
// the others give way, upwards and downwards. On a narrow screen they are a list after the text.

const GAP = 12;
const WIDE = matchMedia("(width >= 64rem)");

/** Tops for cards that want to stand at ``wanted`` and are ``heights`` tall; number ``fixed`` stands where it wants. */
export function tops(wanted, heights, fixed = -1) {
  const found = [...wanted];
  const start = fixed < 0 ? 0 : fixed;
  for (let n = start; n < found.length; n++)
    if (n > start) found[n] = Math.max(wanted[n], found[n - 1] + heights[n - 1] + GAP);
  for (let n = start - 1; n >= 0; n--) found[n] = Math.min(wanted[n], found[n + 1] - heights[n] - GAP);
  const over = -Math.min(0, found[0] ?? 0); // nothing above the margin's own top
  if (!over) return found;
  found[0] = 0;
  for (let n = 1; n < found.length; n++) found[n] = Math.max(found[n], found[n - 1] + heights[n - 1] + GAP);
  return found;
}

/** The words of a comment that can be seen, in the editor or in the page. */
export const marksOf = (id) => [...document.querySelectorAll(`.comment-mark[data-points~="${id}"]`)].filter((mark) => mark.getClientRects().length);

/** Puts the cards in ``holder`` beside their words. */
export function place(holder, current) {
  const margin = holder.closest("[data-margin]");
  const cards = [...holder.children];
  margin.classList.toggle("is-placed", WIDE.matches);
  if (!WIDE.matches) {
    for (const card of cards) card.style.removeProperty("top");
    return holder.style.removeProperty("min-height");
  }
  const zero = holder.getBoundingClientRect().top;
  const seen = cards.map((card, n) => {
    const mark = marksOf(card.dataset.comment)[0];
    const section = mark ? null : document.getElementById(`avsnitt-${card.dataset.section}`);
    return { card, n, top: ((mark ?? section)?.getBoundingClientRect().top ?? zero) - zero };
  });
  seen.sort((a, b) => a.top - b.top || a.n - b.n);
  const heights = seen.map(({ card }) => card.offsetHeight);
  const fixed = seen.findIndex(({ card }) => card === current);
  const found = tops(seen.map(({ top }) => Math.max(0, top)), heights, fixed);
  seen.forEach(({ card }, n) => (card.style.top = `${Math.round(found[n])}px`));
  const last = found.length - 1;
  holder.style.minHeight = last < 0 ? "" : `${found[last] + heights[last]}px`;
  return undefined;
}

export const whenWidthChanges = (listener) => WIDE.addEventListener("change", listener);
