// The list of points by keyboard: j and k move between points, x ticks the current one, Enter opens it. Nothing here is
// needed to use the list; letters typed in a field are left alone.

let current = -1;

function rows() {
  return [...document.querySelectorAll(".point-row")];
}

function go(step) {
  const all = rows();
  if (!all.length) return;
  current = Math.max(0, Math.min(all.length - 1, current + step));
  all[current].querySelector(".point-link").focus();
}

document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.(".point-row");
  if (row) current = rows().indexOf(row);
});

document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, select, textarea, [contenteditable]") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "j") go(1);
  else if (event.key === "k") go(-1);
  else if (event.key === "x") rows()[current]?.querySelector("input[type=checkbox]")?.click();
  else return;
  event.preventDefault();
});
