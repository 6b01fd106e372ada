// The outline: Alt and arrows, and forms that open in a row. Everything can also be done with each row's buttons.

const holder = document.getElementById("outline");
const ARROWS = { ArrowUp: "up", ArrowDown: "down", ArrowRight: "in", ArrowLeft: "out" };
let pressed = null; // what had the focus when a move was asked for: { id, value } (value: the button's, or "" for the heading)

const say = (detail) => document.dispatchEvent(new CustomEvent("rus:announce", { detail }));

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
  document.addEventListener("rus:outline-moving", (event) => (pressed = { id: event.detail, value: "" }));
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
