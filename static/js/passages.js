// Places in a rendered text: a block's id and an offset in it, counted as the document counts: letters, one for a line
// break, and data-w for what is not text (references, footnotes, and 0 for buttons that a script has put in).

const CONTEXT = 80;

/** Everything of width in a block, in order: {node, width, text}. Nested blocks are not part of it. */
export function pieces(block) {
  const found = [];
  const visit = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return found.push({ node, width: node.data.length, text: node.data });
    if (node.nodeType !== Node.ELEMENT_NODE) return undefined;
    if (node.dataset.w !== undefined) return found.push({ node, width: Number(node.dataset.w), text: "" });
    if (node.localName === "br") return found.push({ node, width: 1, text: " " });
    if (node !== block && node.dataset.block) return undefined;
    return node.childNodes.forEach(visit);
  };
  visit(block);
  return found;
}

/** Blocks that hold words themselves, in reading order. */
export function wordBlocks(words) {
  return [...words.querySelectorAll("[data-block]")].filter(
    (block) => block.localName !== "figure" && !block.querySelector("[data-block]") && pieces(block).some((piece) => piece.text.trim()),
  );
}

/** The part of ``range`` that lies in ``block``: {from, to, text}, or null. */
function partOf(range, block) {
  let at = 0;
  let part = null;
  for (const { node, width, text } of pieces(block)) {
    const within = document.createRange();
    within.selectNode(node);
    const begins = range.compareBoundaryPoints(Range.START_TO_END, within) > 0;
    const ends = range.compareBoundaryPoints(Range.END_TO_START, within) < 0;
    if (begins && ends && (text || part)) {
      const isText = node.nodeType === Node.TEXT_NODE;
      const first = isText && node === range.startContainer ? range.startOffset : 0;
      const last = isText && node === range.endContainer ? range.endOffset : width;
      if (last > first || width === 0) {
        part ??= { from: at + first, to: at + first, text: "" };
        part.text += isText ? text.slice(first, last) : text;
        if (text) part.to = at + last;
      }
    }
    at += width;
  }
  return part && part.text.trim() ? part : null;
}

/** The words of a range that lies in one section, as the form wants them; null when there are none. */
export function wordsOf(range) {
  const start = range.startContainer.nodeType === Node.ELEMENT_NODE ? range.startContainer : range.startContainer.parentElement;
  const words = start?.closest("[data-words]");
  if (!words || !words.contains(range.endContainer)) return null;
  const parts = wordBlocks(words)
    .filter((block) => range.intersectsNode(block))
    .map((block) => ({ block, ...partOf(range, block) }))
    .filter((part) => part.text);
  if (!parts.length) return null;
  const first = parts[0];
  const last = parts[parts.length - 1];
  const whole = (block) => pieces(block).map((piece) => piece.text).join("");
  const before = document.createRange();
  before.setStart(first.block, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const after = document.createRange();
  after.setStart(range.endContainer, range.endOffset);
  after.setEndAfter(last.block);
  return {
    section: words.closest("[data-section]").dataset.section,
    block: first.block.dataset.block,
    start: first.from,
    to_block: last.block.dataset.block,
    end: last.to,
    quote: parts.map((part) => part.text.trim()).join("\n"),
    prefix: parts.length && whole(first.block).includes(first.text) ? (partOf(before, first.block)?.text ?? "").slice(-CONTEXT) : "",
    suffix: (partOf(after, last.block)?.text ?? "").slice(0, CONTEXT),
  };
}

/** Mark characters from..to, text node by text node, so that links and bold words stay as they are. ``card``: what the
 * addresses of the cards begin with. */
export function paint(block, from, to, mark, card = "punkt-") {
  let base = 0;
  for (const { node, width } of pieces(block)) {
    const first = Math.max(from - base, 0);
    const last = Math.min(to - base, width);
    base += width;
    if (node.nodeType !== Node.TEXT_NODE || first >= last) continue;
    const words = first > 0 ? node.splitText(first) : node;
    if (last - first < words.data.length) words.splitText(last - first);
    const outer = words.parentElement.closest(".anchor-mark");
    if (outer && outer.textContent.length === words.data.length) {
      outer.dataset.points += ` ${mark.id}`;
      outer.classList.add("anchor-mark--many");
      continue;
    }
    const element = document.createElement(words.parentElement.closest("a") ? "mark" : "a");
    if (element.localName === "a") element.href = `#${card}${mark.id}`;
    element.className = outer ? "anchor-mark anchor-mark--many" : "anchor-mark";
    element.dataset.outcome = "exact";
    element.dataset.points = outer ? `${outer.dataset.points} ${mark.id}` : String(mark.id);
    words.replaceWith(element);
    element.append(words);
  }
}
