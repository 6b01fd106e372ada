// Choosing several rows of the outline: check boxes, Shift for a stretch, Ctrl for one more, Shift and arrows from a heading.
// The bar with what can be done shows when something is chosen. Without a script it stands below the outline.

const holder = document.getElementById("outline");
let last = null; // the row that a stretch begins at

const boxes = () => [...holder.querySelectorAll(".outline-check")];
const boxOf = (row) => row?.querySelector(".outline-check");

function show(spoken = true) {
  const bar = holder.querySelector("[data-many]");
  if (!bar) return;
  const count = boxes().filter((box) => box.checked).length;
  bar.hidden = count === 0;
  bar.toggleAttribute("data-live-bar", true);
  bar.querySelector("[data-many-clear]").hidden = false;
  const words = bar.querySelector("[data-many-count]");
  const said = words.dataset.words.replace("{n}", count);
  if (words.textContent === said) return;
  words.textContent = said;
  if (count && spoken) document.dispatchEvent(new CustomEvent("rus:announce", { detail: said }));
}

function stretch(from, to, checked) {
  const all = boxes();
  const [a, b] = [all.indexOf(from), all.indexOf(to)].sort((x, y) => x - y);
  if (a < 0) return void (to.checked = checked);
  for (const box of all.slice(a, b + 1)) box.checked = checked;
}

function clear() {
  for (const box of boxes()) box.checked = false;
  last = null;
  show();
}

function extend(link, step) {
  const row = link.closest(".outline-row");
  const all = [...holder.querySelectorAll(".outline-row")];
  const next = all[all.indexOf(row) + step];
  const box = boxOf(row);
  if (!box || !next) return;
  const undoing = boxOf(next).checked && box.checked;
  if (undoing) box.checked = false;
  else box.checked = boxOf(next).checked = true;
  last = boxOf(next);
  next.querySelector(".outline-title-link").focus();
  show();
}

if (holder) {
  holder.addEventListener("click", (event) => {
    const clicked = event.target.closest(".outline-check");
    if (clicked) {
      if (event.shiftKey && last && holder.contains(last)) stretch(last, clicked, clicked.checked);
      last = clicked;
      return show();
    }
    if (event.target.closest("[data-many-clear]")) return clear();
    const line = event.target.closest(".outline-line");
    if (!line || !(event.shiftKey || event.ctrlKey || event.metaKey) || event.target.closest("a, button, summary, input, form")) return;
    const box = line.querySelector(".outline-check");
    if (!box) return;
    event.preventDefault();
    getSelection()?.removeAllRanges();
    if (event.shiftKey && last && holder.contains(last)) stretch(last, box, true);
    else box.checked = !box.checked;
    last = box;
    show();
  });
  holder.addEventListener("keydown", (event) => {
    const link = event.target.closest(".outline-title-link");
    if (link && event.shiftKey && !event.altKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      extend(link, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape" && !event.defaultPrevented && !event.target.closest("[data-here], details[open]") && boxes().some((box) => box.checked)) clear();
  });
  document.body.addEventListener("htmx:afterSwap", (event) => event.target === holder && show(false));
  show(false);
}
