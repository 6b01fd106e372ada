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

/** How many are ticked, beside the heading of the form for several at once. */
function count() {
  const place = document.querySelector("[data-ticked]");
  const ticked = document.querySelectorAll(".tick:checked").length;
  if (place) place.textContent = ticked ? String(ticked) : "";
  document.querySelector(".bulk")?.classList.toggle("is-ready", ticked > 0);
}

document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.(".point-row");
  if (row) current = rows().indexOf(row);
});
document.addEventListener("change", (event) => event.target.matches(".tick") && count());
document.addEventListener("htmx:afterSettle", () => {
  current = -1;
  count();
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input:not([type=checkbox]), select, textarea, [contenteditable], dialog");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "j") go(1);
  else if (event.key === "k") go(-1);
  else if (event.key === "x" && current >= 0) rows()[current]?.querySelector("input[type=checkbox]")?.click();
  else return;
  event.preventDefault();
});

count();
