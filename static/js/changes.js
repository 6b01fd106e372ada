// "Next change" in a comparison: buttons, and n forward, p back. Letters typed in a field are left alone.

const changes = [...document.querySelectorAll("[data-changes] .diff-change")];
const tools = document.querySelector("[data-change-tools]");
const count = document.querySelector("[data-change-count]");
let current = -1;

function tell() {
  const words = current < 0 ? count.dataset.none : count.dataset.words;
  count.textContent = words.replace("{n}", current + 1).replace("{total}", changes.length);
}

/** The first change below the top of the window when none has been chosen, else the one after or before. */
function go(step) {
  if (!changes.length) return;
  if (current < 0) {
    const below = changes.findIndex((change) => change.getBoundingClientRect().top > 60);
    current = step > 0 ? Math.max(0, below) : (below < 0 ? changes.length : below) - 1;
    current = (current + changes.length) % changes.length;
  } else current = (current + step + changes.length) % changes.length;
  const change = changes[current];
  change.closest("details")?.setAttribute("open", "");
  change.focus({ preventScroll: true });
  change.scrollIntoView({ block: "center" });
  tell();
  document.dispatchEvent(new CustomEvent("rus:announce", { detail: count.textContent }));
}

if (tools && changes.length) {
  tools.hidden = false;
  tell();
  tools.addEventListener("click", (event) => {
    const button = event.target.closest("[data-change]");
    if (button) go(Number(button.dataset.change));
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, textarea, select, [contenteditable]") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "n") go(1);
    else if (event.key === "p") go(-1);
    else return;
    event.preventDefault();
  });
}
