// Writing together: every piece (data-together) is saved as it is written (saving.js), its state is said beside it, and what
// colleagues write comes in by itself: rung for over the live connection (company.js), or asked for now and then without it.
// Without this script the forms are saved by their buttons, and a stale save shows both texts too.
import { Company } from "./company.js";
import { arrived, bare, isChanged, keepUnsent, page, pieceOf, save, settle, shown, touched } from "./saving.js";
import { clock, fill, isComposing, same, say, values } from "./pieces.js";
import { forget, leftBehind } from "./unsent.js";

const root = document.querySelector("[data-writing]");
const LOOK = 8000; // milliseconds between two looks at what colleagues have written, when nobody rings
const LOOK_UP = 45_000; // the same when somebody does: a ring may have been missed
const RING = 60; // several rings at once are answered together
const COMPOSING = 700; // until it is asked again whether a word is finished
const PATIENCE = 20_000; // for one answer

let company;

let looking = false;
let told = "";
let unseen = false;
let asking = 0;
let lookedAt = Date.now();

function lookSoon(wait = RING) {
  clearTimeout(asking);
  asking = setTimeout(look, wait);
}

/** What colleagues have written since, where they are, and the response's state. */
async function look() {
  unseen = true;
  if (document.hidden || looking) return;
  looking = true;
  while (unseen) {
    unseen = false;
    lookedAt = Date.now();
    const said = await ask();
    if (said) came(said);
  }
  looking = false;
}

async function ask() {
  const known = new URLSearchParams(shown().map((element) => [element.dataset.together, pieceOf(element).revision]));
  if (company.piece) known.set("at", company.piece);
  try {
    const answer = await fetch(`${root.dataset.news}?${known}`, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE) });
    if (answer.redirected) return null;
    if ([403, 404].includes(answer.status)) setLocked(true, root.dataset.norole);
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

function came(said) {
  setLocked(said.state !== "drafting", said.words);
  for (const element of shown()) {
    const name = element.dataset.together;
    const piece = pieceOf(element);
    const newer = said.newer[name];
    if (said.gone.includes(name)) {
      piece.stopped = true;
      say(element, "problem", root.dataset.gone);
    } else if (newer && newer.revision > piece.revision && !piece.busy) update(element, piece, newer);
  }
  company.told(said.writing);
}

/** A colleague's words, where nobody here is writing; else the next save puts both together. */
function update(element, piece, newer) {
  if (isChanged(element)) return save(element);
  if (isComposing(element)) return lookSoon(COMPOSING);
  const theirs = arrived(newer.values, piece.base);
  if (!same(theirs, piece.base)) say(element, "saved", `${root.dataset.came} ${clock()}`);
  fill(element, theirs);
  settle(element, piece, newer.revision, values(element));
}

/** Nothing can be written now (or it can again): said at once, and nothing that was typed goes away. */
function setLocked(now, words) {
  if (now === page.locked && (!now || words === told)) return;
  page.locked = now;
  for (const element of shown()) {
    for (const part of element.querySelectorAll("textarea[data-part], input[data-part]:not([type=radio])")) part.readOnly = now;
    if (now && isChanged(element)) say(element, "problem", root.dataset.unsaved);
    if (now || element.querySelector(".collided")) continue;
    pieceOf(element).stopped = false;
    save(element);
  }
  tell(words);
}

function tell(words) {
  told = words;
  const news = document.querySelector("[data-writing-news]");
  news.querySelector("[data-words]").textContent = words;
  news.hidden = !words;
  shown()[0]?.closest("form").before(news);
  document.dispatchEvent(new CustomEvent("rus:announce", { detail: words }));
}

function heard(said) {
  if (said.type === "piece") {
    const piece = shown().filter((one) => one.dataset.together === said.piece).map(pieceOf)[0];
    if (!piece || said.revision <= piece.revision) return;
    piece.rung = said.revision;
    if (!piece.busy) lookSoon(); // else the answer to what is being saved may bring it along
  } else if (said.type === "state" || said.type === "up") lookSoon();
  else if (said.type === "closed" && said.reason === "role") setLocked(true, root.dataset.norole);
}

/** Words of a tab that did not get to send them, one after another: put back and saved as if they were written now. */
async function takeUp() {
  const waiting = await leftBehind(page.place);
  for (const entry of waiting) {
    const element = shown().find((one) => one.dataset.together === entry.piece);
    const piece = element && pieceOf(element);
    if (!element || piece.busy || isChanged(element)) continue;
    forget(entry.key);
    if (same(bare(entry.values), bare(piece.base))) continue;
    piece.base = entry.base;
    piece.revision = entry.revision;
    fill(element, entry.values);
    keepUnsent(element, piece);
    await save(element);
    document.dispatchEvent(new CustomEvent("rus:toast", { detail: { text: root.dataset.restored, tone: "info" } }));
  }
}

function begin() {
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  company = new Company(root, heard);
  Object.assign(page, { root, token, place: `${root.dataset.response}:${root.dataset.person}` });
  Object.assign(page, { isShared: () => company.isShared, typed: () => company.typed(), look: () => lookSoon() });
  document.addEventListener("input", touched);
  document.addEventListener("change", touched);
  document.addEventListener("submit", (event) => {
    if (!page.locked || !event.target.querySelector("[data-together]") && !event.target.matches("[data-together]")) return;
    event.preventDefault();
    document.querySelector("[data-writing-news]").scrollIntoView({ block: "center" });
  }, true);
  addEventListener("online", () => shown().forEach(save));
  document.addEventListener("visibilitychange", () => (document.hidden ? shown().forEach(save) : look()));
  setInterval(() => Date.now() - lookedAt >= (company.up ? LOOK_UP : LOOK) && look(), 1000);
  takeUp();
}

if (root) begin();
