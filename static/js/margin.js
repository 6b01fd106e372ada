// Comments beside the draft's text. The cards and forms come from the server; this puts them at their words, sends the
// forms without leaving the page, and shows at once what colleagues say. The editor speaks with it in events:
//   rus:marks-wanted (editor -> here), rus:comments (here -> editor: where the words are)
//   rus:marks (editor -> here: the words have moved; which are gone), rus:comment (editor -> here: comment these words)
//   rus:to-words, rus:light (here -> editor)
import { marksOf, place, whenWidthChanges } from "./margin-place.js";
import { closeMentions } from "./mentions.js";
import { paint, wordBlocks, wordsOf } from "./passages.js";

const margin = document.querySelector("[data-margin]");
const word = (name) => margin.dataset[name];
const say = (detail) => document.dispatchEvent(new CustomEvent("rus:announce", { detail }));
let marks = []; // as the server said last
let waiting = 0;
let current = ""; // the comment one works with
let wanted = 0; // how often the cards have been asked for while they were being fetched
let fetching = null;
let pause = 0;

const cardOf = (id) => document.getElementById(`kommentar-${id}`);
const holder = () => margin.querySelector("[data-cards]");

function later() {
  if (waiting) return;
  waiting = requestAnimationFrame(() => {
    waiting = 0;
    place(holder(), current ? cardOf(current) : null);
  });
}

// --- The words in the text

/** Marks in texts that are shown, not edited. (The editor marks its own.) */
function paintAll() {
  for (const old of document.querySelectorAll("[data-words] .comment-mark")) old.replaceWith(...old.childNodes);
  for (const words of document.querySelectorAll("[data-words]")) words.normalize();
  for (const mark of marks)
    for (const span of mark.spans) {
      const block = document.querySelector(`[data-section="${mark.section}"] [data-words] [data-block="${CSS.escape(span.block)}"]`);
      if (block) paint(block, span.from, span.to, mark, "kommentar-");
    }
  for (const element of document.querySelectorAll("[data-words] .anchor-mark")) element.classList.add("comment-mark");
}

function readMarks() {
  marks = JSON.parse(document.getElementById("comment-marks")?.textContent ?? "[]");
  for (const mark of marks) cardOf(mark.id)?.setAttribute("data-section", mark.section);
  for (const card of holder().children) addWay(card);
  paintAll();
  document.dispatchEvent(new CustomEvent("rus:comments", { detail: marks }));
  light(current);
  later();
}

/** From the card to its words, by keyboard too. */
function addWay(card) {
  if (card.querySelector("[data-way]") || !marks.some((mark) => String(mark.id) === card.dataset.comment)) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--small button--quiet";
  button.dataset.way = "";
  button.textContent = word("toWords");
  card.querySelector(".thread-do").append(button);
}

function toWords(id) {
  const asked = new CustomEvent("rus:to-words", { detail: id, cancelable: true });
  if (!document.dispatchEvent(asked)) return; // the editor has the words
  const mark = marksOf(id)[0];
  mark?.scrollIntoView({ block: "center" });
  mark?.focus();
}

function light(id) {
  current = id ? String(id) : "";
  for (const card of margin.querySelectorAll(".thread")) card.classList.toggle("is-current", card.dataset.comment === current);
  for (const mark of document.querySelectorAll(".comment-mark")) mark.classList.toggle("is-current", current !== "" && mark.dataset.points.split(" ").includes(current));
  document.dispatchEvent(new CustomEvent("rus:light", { detail: current }));
  later();
}

// --- The cards

/** The cards as they are from now on. What is being written in them stays, and so does the focus. */
function fetchCards() {
  wanted += 1;
  fetching ??= fetchWhileWanted().finally(() => (fetching = null));
  return fetching;
}

async function fetchWhileWanted() {
  for (let asked = 0; asked < wanted; ) {
    asked = wanted;
    try {
      const answer = await fetch(word("url"), { headers: { "HX-Request": "true" } });
      if (answer.ok && !answer.redirected) put(await answer.text());
    } catch {
      // no contact: the cards are as they were, and the next ring or return to the page tries again
    }
  }
  wanted = 0;
}

function put(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const focused = margin.contains(document.activeElement) ? document.activeElement : null;
  const kept = [...margin.querySelectorAll(".thread details[open] form, [data-new-here] form")].filter((form) => form.closest("[data-new-here]") || form.contains(focused) || [...form.querySelectorAll("textarea")].some((area) => area.value));
  const spot = focused && { id: focused.id, card: focused.closest(".thread")?.id };
  closeMentions();
  const fresh = document.importNode(page.body, true);
  for (const form of kept) keep(form, fresh);
  margin.replaceChildren(...fresh.childNodes);
  readMarks();
  if (spot && !margin.contains(document.activeElement)) (document.getElementById(spot.id) ?? document.getElementById(spot.card))?.focus({ preventScroll: true });
}

/** A form that is being written goes over into the new cards as it is. */
function keep(form, fresh) {
  const card = form.closest(".thread");
  if (!card) return void fresh.querySelector("[data-new-here]").append(form);
  const details = form.closest("details");
  const other = [...fresh.querySelectorAll(`#${card.id} details`)].find((one) => one.className === details.className);
  if (!other) return;
  other.open = true;
  other.querySelector("form").replaceWith(form);
}

/** Sends a form of the margin; what was typed stays where it is when it is refused. */
async function send(form) {
  if (form.dataset.sending) return;
  form.dataset.sending = "yes";
  let answer;
  let html = "";
  try {
    answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" } });
    html = await answer.text();
  } catch {
    return refuse(form, word("offline"));
  }
  const id = answer.headers.get("X-Comment");
  if (!answer.ok || !id) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const why = page.querySelector(".field-error, .error-text, [data-problem] p, .stack > p")?.textContent.trim();
    return refuse(form, why || word("refused"));
  }
  form.dispatchEvent(new Event("rus:saved", { bubbles: true }));
  form.remove();
  await fetchCards();
  light(id);
  (cardOf(id) ?? margin.querySelector("[data-new-comment]")).focus();
  return say(word("saved"));
}

function refuse(form, text) {
  delete form.dataset.sending;
  form.querySelector("[data-refusal]")?.remove();
  const words = document.createElement("p");
  words.dataset.refusal = "";
  words.className = "field-error";
  words.textContent = text;
  form.prepend(words);
  say(text);
  form.querySelector("textarea:not([hidden])")?.focus();
}

/** The form for a new comment, at the top of the margin, filled with where the words are. */
async function openNew(values, opener) {
  const begun = margin.querySelector("[data-new-here] [name=text]");
  if (begun?.value) return begun.focus(); // one is being written
  const address = new URL(word("new"), location.href);
  const { section, ...rest } = values;
  if (section) address.searchParams.set("avsnitt", section);
  for (const [name, value] of Object.entries(rest)) address.searchParams.set(name, value);
  let page;
  try {
    const answer = await fetch(address, { headers: { "HX-Request": "true" } });
    if (!answer.ok || answer.redirected) return location.assign(address);
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return say(word("offline"));
  }
  const form = document.importNode(page.querySelector(".thread-new"), true);
  if (values.quote || values.block) showWords(form, values);
  margin.querySelector("[data-new-here]").replaceChildren(form); // asked for now: the cards may have come anew meanwhile
  form.querySelector("[data-cancel]").addEventListener("click", (event) => {
    event.preventDefault();
    form.dispatchEvent(new Event("rus:saved", { bubbles: true }));
    form.remove();
    later();
    if (opener) opener();
  });
  later();
  form.scrollIntoView({ block: "nearest" });
  return form.querySelector("[name=text]").focus({ preventScroll: true });
}

/** The words are chosen already: they are shown, and their fields need not be. */
function showWords(form, values) {
  const fields = form.querySelector(".thread-place");
  if (!fields) return;
  const quote = document.createElement("blockquote");
  quote.className = "quoted small";
  quote.lang = "sv";
  quote.textContent = values.quote || fields.querySelector("[name=block]").selectedOptions[0]?.textContent || "";
  fields.hidden = true;
  fields.before(quote);
}

// --- What one does

function listen() {
  margin.addEventListener("submit", (event) => {
    event.preventDefault();
    void send(event.target);
  });
  margin.addEventListener("click", (event) => {
    const link = event.target.closest("[data-new-comment]");
    if (link && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      void openNew(word("section") ? { section: word("section") } : {}, () => margin.querySelector("[data-new-comment]")?.focus());
    }
    const card = event.target.closest(".thread");
    if (event.target.closest("[data-way]")) toWords(card.dataset.comment);
    else if (card && !link) light(card.dataset.comment);
  });
  margin.addEventListener("focusin", (event) => {
    const card = event.target.closest(".thread");
    if (card && card.dataset.comment !== current) light(card.dataset.comment);
  });
  margin.addEventListener("toggle", later, true);
  document.addEventListener("click", (event) => {
    const mark = event.target.closest?.("[data-words] .comment-mark");
    if (!mark) return;
    event.preventDefault();
    goTo(mark.dataset.points.split(" ")[0]);
  });
  for (const [name, act] of Object.entries(EDITOR)) document.addEventListener(name, (event) => act(event.detail));
  new ResizeObserver(later).observe(margin);
  new ResizeObserver(later).observe(document.getElementById("main"));
  whenWidthChanges(later);
  document.addEventListener("visibilitychange", () => !document.hidden && void fetchCards());
}

function goTo(id) {
  light(id);
  const card = cardOf(id);
  const lost = card?.closest("details:not(.thread details)");
  if (lost) lost.open = true;
  card?.focus({ preventScroll: true });
  card?.scrollIntoView({ block: "nearest" });
}

const EDITOR = {
  "rus:marks-wanted": () => document.dispatchEvent(new CustomEvent("rus:comments", { detail: marks })),
  "rus:marks": ({ gone, changed }) => {
    setLost(gone);
    later();
    if (changed) lookAgain();
  },
  "rus:comment": (values) => void openNew(values, () => document.dispatchEvent(new CustomEvent("rus:to-words", { detail: "" }))),
  "rus:comment-here": (id) => goTo(id),
  "rus:comment-none": () => say(word("noWords")),
  "rus:at-words": (id) => id !== current && light(id),
  "rus:live": (heard) => {
    if (heard.type === "comment" || heard.type === "up") void fetchCards();
  },
  "rus:text-shown": () => void fetchCards(),
  "rus:section-state": ({ state }) => state === "saved" && lookAgain(),
};

/** The text has changed while words are gone: an undo, here or at a colleague's, may have brought them back. */
function lookAgain() {
  clearTimeout(pause);
  pause = setTimeout(() => margin.querySelector("[data-lost-cards]").children.length && void fetchCards(), 1500);
}

/** Words that have just been deleted, or come back, in the editor: their cards go to the list of lost ones and back. */
function setLost(gone) {
  const ids = new Set(gone.map(String));
  const list = margin.querySelector("[data-lost-cards]");
  let moved = false;
  for (const mark of marks) {
    const card = cardOf(mark.id);
    if (!card) continue;
    const lost = ids.has(String(mark.id));
    if (lost === list.contains(card)) continue;
    card.style.removeProperty("top");
    (lost ? list : holder()).append(card);
    moved ||= lost;
  }
  margin.querySelector("[data-lost]").hidden = !list.children.length;
  margin.querySelector("[data-lost-count]").textContent = String(list.children.length);
  margin.querySelector("[data-margin-count]").textContent = String(holder().children.length);
  if (moved) say(word("gone"));
}

/** A button under words that are selected in a text that is shown, and one at every paragraph for the keyboard. */
function offerInText() {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "button button--primary button--small selection-button", textContent: word("button"), hidden: true });
  document.getElementById("main").append(button);
  let words = null;
  const find = () => {
    const selection = getSelection();
    const range = selection && !selection.isCollapsed && selection.rangeCount ? selection.getRangeAt(0) : null;
    return range ? [range, wordsOf(range)] : [null, null];
  };
  document.addEventListener("selectionchange", () => {
    const [range, found] = find();
    words = found;
    button.hidden = !words;
    if (!words) return;
    const box = range.getBoundingClientRect();
    const zero = button.offsetParent?.getBoundingClientRect() ?? { left: -scrollX, top: -scrollY };
    button.style.left = `${Math.max(0, box.left - zero.left)}px`;
    button.style.top = `${box.bottom - zero.top + 8}px`;
  });
  button.addEventListener("mousedown", (event) => event.preventDefault());
  const open = () => {
    button.hidden = true;
    const range = getSelection().getRangeAt(0).cloneRange();
    void openNew(words, () => getSelection().addRange(range));
  };
  button.addEventListener("click", () => words && open());
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || !event.altKey || event.code !== "KeyM" || event.target.closest?.(".ProseMirror")) return;
    event.preventDefault();
    if (words) open();
    else say(word("noWords"));
  });
}

/** At every paragraph a small link, seen when the paragraph is pointed at or the link has the focus. */
function offerAtBlocks() {
  for (const words of document.querySelectorAll("[data-words]:not([data-part])")) {
    const { section } = words.closest("[data-section]").dataset;
    for (const block of wordBlocks(words)) {
      if (block.closest("table")) continue;
      const link = document.createElement("a");
      link.className = "block-comment";
      link.dataset.w = "0";
      link.href = `${word("new")}?avsnitt=${section}&block=${encodeURIComponent(block.dataset.block)}`;
      link.setAttribute("aria-label", word("blockButton"));
      link.title = word("blockButton");
      link.addEventListener("click", (event) => {
        event.preventDefault();
        void openNew({ section, block: block.dataset.block }, () => link.focus());
      });
      block.append(link);
    }
  }
}

/** The sections of a page for long reading say in their ids which they are. */
function nameSections() {
  for (const section of document.querySelectorAll(".strategy-section[id^='avsnitt-']")) {
    section.dataset.section = section.id.slice("avsnitt-".length);
    for (const words of section.querySelectorAll(".prose")) words.dataset.words = "";
  }
}

if (margin) {
  nameSections();
  listen();
  readMarks();
  offerInText();
  offerAtBlocks();
  const asked = /^#kommentar-(\d+)$/.exec(location.hash);
  if (asked) goTo(asked[1]);
}
