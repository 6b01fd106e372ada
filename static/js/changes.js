// "Next change" in a comparison: n goes forward, p back. Letters typed in a field are left alone.

const changes = [...document.querySelectorAll("[data-changes] .diff-change")];
let current = -1;

function go(step) {
  if (!changes.length) return;
  current = (current + step + changes.length) % changes.length;
  changes[current].focus();
  changes[current].scrollIntoView({ block: "center" });
}

document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, textarea, select, [contenteditable]") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "n") go(1);
  else if (event.key === "p") go(-1);
  else return;
  event.preventDefault();
});
