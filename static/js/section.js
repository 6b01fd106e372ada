// A section's page: the outline beside it shows where one is, and the heading's field gets the focus when it opens.

const current = document.querySelector(".section-outline [aria-current]");
const list = current?.closest("nav");
if (list && list.scrollHeight > list.clientHeight) list.scrollTop = current.offsetTop - list.clientHeight / 3;

const rename = document.querySelector("[data-rename]");
rename?.addEventListener("toggle", () => rename.open && rename.querySelector("input[name=title]").select());
rename?.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !rename.open) return;
  rename.open = false;
  rename.querySelector("summary").focus();
});
