// Dragging in the outline, by mouse, pen or finger: the handle takes the pointer, the row under it shows where it would land.
// What is ticked goes along when the dragged row is one of them.

const holder = document.getElementById("outline");
const EDGE = 70; // px from the window's edge where the page begins to scroll
const BEGIN = 4; // px before a press is a drag
let drag = null; // { row, ids, pointer, y, started, label, over, where, timer }

const rows = () => [...holder.querySelectorAll(".outline-row")];

function clear() {
  for (const row of holder.querySelectorAll(".is-before, .is-inside, .is-after")) row.classList.remove("is-before", "is-inside", "is-after");
}

/** The upper third of a row is before it, the lower third after it, the middle inside it. */
function place(row, y) {
  const box = row.querySelector(".outline-line").getBoundingClientRect();
  const share = (y - box.top) / box.height;
  return share < 0.3 ? "before" : share > 0.7 ? "after" : "inside";
}

function siblingBefore(row) {
  let found = "";
  for (const other of rows()) {
    if (other === row) return found;
    if (other.dataset.parent === row.dataset.parent && !drag.ids.includes(other.dataset.id)) found = other.dataset.id;
  }
  return found;
}

function begin() {
  const ticked = [...holder.querySelectorAll(".outline-check:checked")].map((box) => box.value);
  drag.ids = ticked.includes(drag.row.dataset.id) ? ticked : [drag.row.dataset.id];
  drag.started = true;
  for (const row of rows()) row.classList.toggle("is-dragged", drag.ids.includes(row.dataset.id));
  document.documentElement.classList.add("outline-is-dragging");
  drag.label = document.createElement("div");
  drag.label.className = "outline-drag-count";
  drag.label.setAttribute("aria-hidden", "true");
  drag.label.textContent = drag.ids.length > 1 ? holder.dataset.dragged.replace("{n}", drag.ids.length) : drag.row.querySelector(".outline-title-link").textContent;
  document.body.append(drag.label);
}

function scroll() {
  if (!drag?.started) return;
  const { y } = drag;
  const step = y < EDGE ? y - EDGE : y > innerHeight - EDGE ? y - (innerHeight - EDGE) : 0;
  if (step) {
    scrollBy({ top: step / 4, behavior: "instant" });
    aim(drag.x, y);
  }
  drag.timer = requestAnimationFrame(scroll);
}

function aim(x, y) {
  const row = document.elementFromPoint(x, y)?.closest?.(".outline-row");
  clear();
  drag.over = row && holder.contains(row) && !drag.ids.includes(row.dataset.id) ? row : null;
  if (!drag.over) return;
  drag.where = place(row, y);
  row.classList.add(`is-${drag.where}`);
}

function move(event) {
  if (!drag || event.pointerId !== drag.pointer) return;
  if (!drag.started) {
    if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < BEGIN) return;
    begin();
    drag.timer = requestAnimationFrame(scroll);
  }
  event.preventDefault();
  drag.x = event.clientX;
  drag.y = event.clientY;
  drag.label.style.transform = `translate(${Math.min(drag.x + 14, innerWidth - 200)}px, ${drag.y + 12}px)`;
  aim(drag.x, drag.y);
}

function drop() {
  const { over: row, where, ids } = drag;
  const to = where === "inside" ? { parent: row.dataset.id, after: "" } : { parent: row.dataset.parent, after: where === "after" ? row.dataset.id : siblingBefore(row) };
  document.dispatchEvent(new CustomEvent("rus:outline-moving", { detail: drag.row.dataset.id }));
  if (ids.length > 1) window.htmx.ajax("POST", holder.dataset.many, { target: "#outline", swap: "innerHTML", values: { do: "move", rad: ids, ...to } });
  else window.htmx.ajax("POST", drag.row.dataset.move, { target: "#outline", swap: "innerHTML", values: to });
}

function end(kept) {
  if (!drag) return;
  if (drag.started && kept && drag.over) drop();
  cancelAnimationFrame(drag.timer);
  drag.label?.remove();
  for (const row of rows()) row.classList.remove("is-dragged");
  document.documentElement.classList.remove("outline-is-dragging");
  clear();
  drag = null;
}

if (holder) {
  holder.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest?.("[data-handle]");
    if (!handle || event.button !== 0 || drag) return;
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    drag = { row: handle.closest(".outline-row"), ids: [], pointer: event.pointerId, x: event.clientX, y: event.clientY, started: false, label: null, over: null };
  });
  holder.addEventListener("pointermove", move);
  holder.addEventListener("pointerup", (event) => event.pointerId === drag?.pointer && end(true));
  holder.addEventListener("pointercancel", () => end(false));
  document.addEventListener("keydown", (event) => event.key === "Escape" && drag && (event.preventDefault(), end(false)));
}
