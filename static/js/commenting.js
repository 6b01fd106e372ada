// Comments on exact words in the reading view: marks the organisation's own points in the text, and offers a button for
// the words that are selected. Without this script the link "Kommentera avsnittet" does the same with a form.

const root = document.querySelector("[data-commenting]");
const CONTEXT = 80;

/** The text of a block with the node and offset behind every character. */
function textOf(block) {
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  const pieces = [];
  let text = "";
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    pieces.push({ node, start: text.length });
    text += node.data;
  }
  return { text, pieces };
}


/** Wrap the words of each own point in a mark that leads to its card. */
function showMarks() {
  const data = document.getElementById("marks");
  if (!data) return;
  for (const mark of JSON.parse(data.textContent)) {
    const block = root.querySelector(`[data-block="${CSS.escape(mark.block)}"]`);
    if (!block) continue;
    const { text, pieces } = textOf(block);
    const first = mark.quote.split("\n")[0];
    let at = text.indexOf(mark.prefix.split("\n").pop() + first);
    at = at < 0 ? text.indexOf(first) : at + mark.prefix.split("\n").pop().length;
    if (at < 0 || !pieces.length) continue;
    paint(pieces, at, at + first.length, mark.id);
  }
}

/** Mark characters start..end, text node by text node, so that links and bold words stay as they are. */
function paint(pieces, start, end, id) {
  for (const { node, start: base } of pieces) {
    const from = Math.max(start - base, 0);
    const to = Math.min(end - base, node.data.length);
    if (from >= to) continue;
    const words = from > 0 ? node.splitText(from) : node;
    if (to - from < words.data.length) words.splitText(to - from);
    const link = document.createElement("a");
    link.href = `#punkt-${id}`;
    link.className = "anchor-mark";
    link.dataset.outcome = "exact";
    words.replaceWith(link);
    link.append(words);
  }
}

/** What is selected, when it lies in one section: {section, block, quote, prefix, suffix}. */
function selectedWords() {
  const selection = window.getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  const words = range.startContainer.parentElement?.closest("[data-words]");
  const block = range.startContainer.parentElement?.closest("[data-block]");
  const quote = selection.toString().replace(/\s+/g, " ").trim();
  if (!words || !block || !words.contains(range.endContainer) || !quote) return null;
  const inner = innermost(block, range);
  const { text } = textOf(inner);
  const before = document.createRange();
  before.setStart(inner, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const at = before.toString().length;
  const length = range.toString().length;
  return {
    section: words.closest("[data-section]").dataset.section,
    block: inner.dataset.block,
    quote,
    prefix: text.slice(Math.max(0, at - CONTEXT), at),
    suffix: text.slice(at + length, at + length + CONTEXT),
    range,
  };
}

/** The smallest block that holds the start of the range. */
function innermost(block, range) {
  let best = block;
  for (const inner of block.querySelectorAll("[data-block]")) if (inner.contains(range.startContainer)) best = inner;
  return best;
}

/** Fetch the form into the margin of the section, filled with the words, and put the focus in it. */
async function openForm(words) {
  const address = new URL(root.dataset.newPoint, location.href);
  address.searchParams.set("avsnitt", words.section);
  for (const name of ["block", "quote", "prefix", "suffix"]) address.searchParams.set(name, words[name]);
  const place = root.querySelector(`[data-section="${words.section}"] [data-new-here]`);
  if (place.querySelector("textarea")?.value) return location.assign(address); // a form being written is never replaced
  let answer;
  try {
    answer = await fetch(address, { headers: { "HX-Request": "true" } });
  } catch {
    return announce(root.dataset.offline || "Ingen kontakt. Försök igen om en stund.");
  }
  place.innerHTML = await answer.text();
  const form = place.querySelector("form");
  form.addEventListener("submit", (event) => send(event, form, place));
  form.querySelector("[data-cancel]")?.addEventListener("click", (event) => {
    event.preventDefault();
    place.replaceChildren();
  });
  form.querySelector("[name=text]").focus();
}

/** Save the point; what was typed stays in the form when something goes wrong. */
async function send(event, form, place) {
  event.preventDefault();
  const button = form.querySelector("[type=submit]");
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  let answer;
  try {
    answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" } });
  } catch {
    button.removeAttribute("aria-disabled");
    return announce("Ingen kontakt. Det du skrev står kvar. Försök igen om en stund.");
  }
  const html = await answer.text();
  if (answer.ok) {
    place.insertAdjacentHTML("beforebegin", html);
    place.replaceChildren();
    announce("Synpunkten är sparad.");
  } else if (answer.status === 422) {
    place.innerHTML = html;
    const again = place.querySelector("form");
    again.addEventListener("submit", (next) => send(next, again, place));
    again.querySelector("[aria-invalid=true], [name=text]")?.focus();
  } else {
    button.removeAttribute("aria-disabled");
    const page = new DOMParser().parseFromString(html, "text/html");
    announce(page.querySelector("h1, p")?.textContent.trim() || "Det gick inte att spara. Det du skrev står kvar.");
    showProblem(form, page);
  }
}

/** Say in the form why it was refused (closed round, lost role); the words stay. */
function showProblem(form, page) {
  form.querySelector("[data-problem]")?.remove();
  const problem = document.createElement("p");
  problem.dataset.problem = "";
  problem.className = "field-error";
  problem.textContent = page.body.textContent.replace(/\s+/g, " ").trim().slice(0, 400);
  form.prepend(problem);
}

function announce(text) {
  document.dispatchEvent(new CustomEvent("rus:announce", { detail: text }));
}

function offerButton() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--primary button--small selection-button";
  button.textContent = root.dataset.button;
  button.hidden = true;
  document.body.append(button);
  let words = null;
  document.addEventListener("selectionchange", () => {
    words = selectedWords();
    button.hidden = !words;
    if (!words) return;
    const box = words.range.getBoundingClientRect();
    button.style.left = `${Math.max(8, Math.min(box.left + scrollX, innerWidth - 260))}px`;
    button.style.top = `${box.bottom + scrollY + 8}px`;
  });
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    if (!words) return;
    const chosen = words;
    button.hidden = true;
    openForm(chosen);
  });
}

if (root) {
  showMarks();
  if (root.dataset.newPoint) offerButton();
}
