// The outline: drag, Alt and arrows, and forms that open in a row. Everything can also be done with each row's buttons.

const holder = document.getElementById("outline");
const ARROWS = { ArrowUp: "up", ArrowDown: "down", ArrowRight: "in", ArrowLeft: "out" };
let dragged = null;
let pressed = null; // what had the focus when a move was asked for: { id, value } (value: the button's, or "" for the heading)

const rows = () => [...holder.querySelectorAll(".outline-row")];
const say = (detail) => document.dispatchEvent(new CustomEvent("rus:announce", { detail }));

function clear() {
  for (const row of rows()) row.classList.remove("is-before", "is-inside", "is-after");
}

/** Where a drop would put it: the upper third of a row is before it, the lower third after it, the middle inside it. */
function place(row, event) {
  const box = row.querySelector(".outline-line").getBoundingClientRect();
  const share = (event.clientY - box.top) / box.height;
  return share < 0.3 ? "before" : share > 0.7 ? "after" : "inside";
}

function siblingBefore(row) {
  let found = "";
  for (const other of rows()) {
    if (other === row) return found;
    if (other.dataset.parent === row.dataset.parent && other !== dragged) found = other.dataset.id;
  }
  return found;
}

function drop(row, where) {
  const values = where === "inside" ? { parent: row.dataset.id, after: "" } : { parent: row.dataset.parent, after: where === "after" ? row.dataset.id : siblingBefore(row) };
  pressed = { id: dragged.dataset.id, value: "" };
  window.htmx.ajax("POST", dragged.dataset.move, { target: "#outline", swap: "innerHTML", values });
}

function restoreFocus() {
  const row = pressed && document.getElementById(`rad-${pressed.id}`);
  const value = pressed?.value;
  pressed = null;
  if (!row) return;
  const button = value && row.querySelector(`button[value="${value}"]`);
  const menu = row.querySelector(".row-actions");
  if (button && menu && !button.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true })) menu.open = true;
  (button || row.querySelector(".outline-title-link")).focus();
  row.scrollIntoView({ block: "nearest" });
}

if (holder) {
  holder.addEventListener("dragstart", (event) => {
    if (!event.target.closest?.("[data-handle]")) return;
    dragged = event.target.closest(".outline-row");
    dragged.classList.add("is-dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.id);
    event.dataTransfer.setDragImage(dragged.querySelector(".outline-line"), 12, 12);
  });
  holder.addEventListener("dragover", (event) => {
    const row = event.target.closest(".outline-row");
    if (!dragged || !row || row === dragged) return;
    event.preventDefault();
    clear();
    row.classList.add(`is-${place(row, event)}`);
  });
  holder.addEventListener("drop", (event) => {
    const row = event.target.closest(".outline-row");
    if (!dragged) return;
    event.preventDefault();
    clear();
    if (row && row !== dragged) drop(row, place(row, event));
  });
  holder.addEventListener("dragend", () => {
    clear();
    dragged?.classList.remove("is-dragged");
    dragged = null;
  });

  holder.addEventListener("keydown", (event) => {
    const row = event.target.closest(".outline-row");
    if (!row) return;
    if (event.key === "Escape" && event.target.closest("[data-here]")) {
      event.preventDefault();
      event.target.closest("[data-here]").querySelector("[data-cancel]").click();
    } else if (event.altKey && ARROWS[event.key] && event.target.closest(".outline-title-link")) {
      const button = row.querySelector(`button[value="${ARROWS[event.key]}"]`);
      if (!button) return;
      event.preventDefault();
      if (button.getAttribute("aria-disabled") === "true") return say(holder.dataset.cannot);
      pressed = { id: row.dataset.id, value: "" };
      button.click();
    }
  });

  // Capture: before htmx hears of a press that leads nowhere.
  holder.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=direction]");
    if (button?.getAttribute("aria-disabled") === "true") {
      event.preventDefault();
      event.stopPropagation();
      say(holder.dataset.cannot);
    } else if (button && !pressed) pressed = { id: button.closest(".outline-row").dataset.id, value: button.value };
    const cancel = event.target.closest(".add-here [data-cancel]");
    if (cancel) {
      event.preventDefault();
      const row = cancel.closest(".outline-row");
      cancel.closest(".add-here").remove();
      row.querySelector(".outline-title-link")?.focus();
    }
  }, true);

  document.body.addEventListener("htmx:afterSwap", (event) => event.target === holder && restoreFocus());
  document.body.addEventListener("htmx:responseError", () => (pressed = null));
}
