// Menus are <details>: this adds Escape, closing on a click outside, and only one open at a time.
const OPEN = "details[data-menu][open], details.topnav[open]";

function close(menu, focus) {
  menu.open = false;
  if (focus) menu.querySelector("summary").focus();
}

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(OPEN)) if (!menu.contains(event.target)) close(menu, false);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll(OPEN)) close(menu, menu.contains(document.activeElement));
});
document.addEventListener("focusin", (event) => {
  for (const menu of document.querySelectorAll(OPEN)) if (!menu.contains(event.target)) close(menu, false);
});
document.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-menu] .menu-panel li :is(a, button)");
  if (chosen) close(chosen.closest("[data-menu]"), false);
});
