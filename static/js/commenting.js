// Comments on exact words in the reading view: marks the points in the text, offers a button for the words that are
// selected and one at every paragraph. Without this script the link "Kommentera avsnittet" does the same with a form.

import { paint, wordBlocks, wordsOf } from "./passages.js";

const root = document.querySelector("[data-commenting]");

/** Paint the words of each point; where points overlap the words carry all of them. */
function showMarks(marks) {
  for (const mark of marks) {
    for (const span of mark.spans) {
      const block = root.querySelector(`[data-section="${mark.section}"] [data-block="${CSS.escape(span.block)}"]`);
      if (block) paint(block, span.from, span.to, mark);
    }
  }
}

/** Words and card light up together. */
function lightUp(ids, on) {
  for (const id of ids) {
    document.getElementById(`punkt-${id}`)?.classList.toggle("is-current", on);
    for (const mark of root.querySelectorAll(`.anchor-mark[data-points~="${id}"]`)) mark.classList.toggle("is-current", on);
  }
}

function idsAt(element) {
  const mark = element.closest?.(".anchor-mark");
  const card = element.closest?.(".margin-card");
  if (mark) return mark.dataset.points.split(" ");
  return card ? [card.id.replace("punkt-", "")] : [];
}

/** The form of a section, in its margin, filled with the words; the focus goes into it. */
async function openForm(values, opener) {
  const address = new URL(root.dataset.newPoint, location.href);
  const { section, ...rest } = values;
  address.searchParams.set("avsnitt", section);
  for (const [name, value] of Object.entries(rest)) address.searchParams.set(name, value);
  const place = root.querySelector(`[data-section="${section}"] [data-new-here]`);
  const written = place.querySelector("[name=text]");
  if (written?.value) return written.focus(); // a form being written is never replaced
  let answer;
  try {
    answer = await fetch(address, { headers: { "HX-Request": "true" } });
  } catch {
    return announce(root.dataset.offline);
  }
  if (!answer.ok || answer.redirected) return location.assign(address);
  fill(place, await answer.text(), opener);
  place.scrollIntoView({ block: "nearest" });
  return place.querySelector("[name=text]")?.focus();
}

/** Put the form in its place and let it be sent without leaving the page. */
function fill(place, html, opener) {
  place.innerHTML = html;
  const form = place.querySelector("form");
  window.htmx?.process(form); // the wording is shown tracked while it is written
  form?.addEventListener("submit", (event) => send(event, form, place, opener));
  form?.querySelector("[data-cancel]")?.addEventListener("click", (event) => {
    event.preventDefault();
    form.dispatchEvent(new Event("rus:saved", { bubbles: true }));
    place.replaceChildren();
    opener?.focus();
  });
}

/** Save the point; what was typed stays in the form when something goes wrong. */
async function send(event, form, place, opener) {
  event.preventDefault();
  const button = form.querySelector("[type=submit]");
  if (form.dataset.sending) return;
  form.dataset.sending = "yes";
  button.setAttribute("aria-busy", "true");
  let answer;
  let html = "";
  try {
    answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" } });
    html = await answer.text();
  } catch {
    again(form, button);
    return say(form, root.dataset.offline);
  }
  if (answer.ok && !answer.redirected) return saved(form, place, html);
  if (answer.status === 422 && html.includes("point-form")) {
    fill(place, html, opener);
    return place.querySelector("[aria-invalid=true], [name=text]")?.focus();
  }
  again(form, button);
  const page = new DOMParser().parseFromString(html, "text/html");
  return say(form, page.querySelector(".stack > p")?.textContent.trim() || root.dataset.refused);
}

function again(form, button) {
  delete form.dataset.sending;
  button.removeAttribute("aria-busy");
}

/** The card takes the form's place and the words are marked. */
function saved(form, place, html) {
  form.dispatchEvent(new Event("rus:saved", { bubbles: true }));
  const page = new DOMParser().parseFromString(html, "text/html");
  const card = page.querySelector(".margin-card");
  const marks = page.querySelector("#new-marks");
  place.replaceChildren();
  place.before(document.adoptNode(card));
  if (marks) showMarks(JSON.parse(marks.textContent));
  card.focus();
  announce(root.dataset.saved);
}

/** Say in the form why it was refused (closed round, lost role, no network); the words stay. */
function say(form, text) {
  form.querySelector("[data-refusal]")?.remove();
  const words = document.createElement("p");
  words.dataset.refusal = "";
  words.className = "field-error";
  words.textContent = text;
  form.prepend(words);
  announce(text);
}

function announce(text) {
  document.dispatchEvent(new CustomEvent("rus:announce", { detail: text }));
}

/** A button under the words that are selected. */
function offerButton() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--primary button--small selection-button";
  button.textContent = root.dataset.button;
  button.hidden = true;
  (document.getElementById("main") ?? document.body).append(button);
  let words = null;
  document.addEventListener("selectionchange", () => {
    const selection = getSelection();
    const range = selection && !selection.isCollapsed && selection.rangeCount ? selection.getRangeAt(0) : null;
    words = range && root.contains(range.startContainer) ? wordsOf(range) : null;
    button.hidden = !words;
    if (!words) return;
    const box = range.getBoundingClientRect();
    button.style.left = `${Math.max(8, Math.min(box.left + scrollX, document.documentElement.clientWidth - 260))}px`;
    button.style.top = `${box.bottom + scrollY + 8}px`;
  });
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    if (!words) return;
    button.hidden = true;
    openForm(words, null);
  });
}

/** At every paragraph a small link, seen when the paragraph is pointed at or the link has the focus. */
function offerAtBlocks() {
  for (const words of root.querySelectorAll("[data-words]")) {
    const { section } = words.closest("[data-section]").dataset;
    for (const block of wordBlocks(words)) {
      if (block.closest("table")) continue;
      const link = document.createElement("a");
      link.className = "block-comment";
      link.dataset.w = "0";
      link.href = `${root.dataset.newPoint}?avsnitt=${section}&block=${encodeURIComponent(block.dataset.block)}`;
      link.setAttribute("aria-label", `${root.dataset.blockButton} ${block.closest("[data-n]")?.dataset.n ?? ""}`.trim());
      link.title = root.dataset.blockButton;
      link.addEventListener("click", (event) => {
        event.preventDefault();
        openForm({ section, block: block.dataset.block }, link);
      });
      block.append(link);
    }
  }
}

if (root) {
  const data = document.getElementById("marks");
  if (data) showMarks(JSON.parse(data.textContent));
  for (const [name, on] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]])
    root.addEventListener(name, (event) => lightUp(idsAt(event.target), on));
  if (root.dataset.newPoint) {
    offerButton();
    offerAtBlocks();
    for (const link of root.querySelectorAll("[data-comment-section]"))
      link.addEventListener("click", (event) => {
        event.preventDefault();
        openForm({ section: link.closest("[data-section]").dataset.section }, link);
      });
  }
}
