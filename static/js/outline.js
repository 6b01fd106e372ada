// Drag in the outline. Everything here can also be done with the buttons beside each row, by keyboard and without script.

const holder = document.getElementById("outline");
let dragged = null;

function rows() {
  return [...holder.querySelectorAll(".outline-row")];
}

function clear() {
  for (const row of rows()) row.classList.remove("is-target", "is-target-inside");
}

/** Dropped on the upper half of a row: before it. On the lower half: inside it, first. */
function inside(row, event) {
  const box = row.getBoundingClientRect();
  return event.clientY > box.top + box.height / 2;
}

function siblingBefore(row) {
  let found = "";
  for (const other of rows()) {
    if (other === row) return found;
    if (other.dataset.parent === row.dataset.parent && other !== dragged) found = other.dataset.id;
  }
  return found;
}

async function drop(row, event) {
  const into = inside(row, event);
  const body = new FormData();
  body.set("parent", into ? row.dataset.id : row.dataset.parent);
  body.set("after", into ? "" : siblingBefore(row));
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const answer = await fetch(dragged.dataset.move, {
    method: "POST",
    body,
    headers: { "HX-Request": "true", "X-CSRFToken": token },
  });
  const html = await answer.text();
  if (answer.ok) {
    holder.innerHTML = html;
    window.htmx?.process(holder);
    document.getElementById(`rad-${dragged.dataset.id}`)?.classList.add("is-moved");
    announce(null);
  } else {
    announce(new DOMParser().parseFromString(html, "text/html").body.textContent.replace(/\s+/g, " ").trim().slice(0, 300));
  }
}

function announce(problem) {
  const detail = problem || "Avsnittet är flyttat.";
  document.dispatchEvent(new CustomEvent(problem ? "rus:toast" : "rus:announce", { detail: problem ? { text: detail, tone: "warning" } : detail }));
}

if (holder) {
  holder.addEventListener("dragstart", (event) => {
    if (!event.target.closest("[data-handle]")) return;
    dragged = event.target.closest(".outline-row");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.id);
  });
  holder.addEventListener("dragover", (event) => {
    const row = event.target.closest(".outline-row");
    if (!dragged || !row || row === dragged) return;
    event.preventDefault();
    clear();
    row.classList.add(inside(row, event) ? "is-target-inside" : "is-target");
  });
  holder.addEventListener("drop", (event) => {
    const row = event.target.closest(".outline-row");
    event.preventDefault();
    clear();
    if (dragged && row && row !== dragged) drop(row, event).catch(() => announce("Ingen kontakt. Avsnittet ligger kvar."));
  });
  holder.addEventListener("dragend", clear);
  // After a move by button the same button keeps the focus.
  let pressed = null;
  holder.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=direction]");
    if (button) pressed = { id: button.closest(".outline-row").dataset.id, value: button.value };
  });
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.target !== holder || !pressed) return;
    const row = document.getElementById(`rad-${pressed.id}`);
    row?.classList.add("is-moved");
    row?.querySelector(`button[value="${pressed.value}"]`)?.focus();
    announce(null);
    pressed = null;
  });
}
