// "@" and some letters in a field for words (data-mentions): the region's people to choose among. Without this script one
// writes the whole name. A list box that the field owns: arrows, Enter or Tab to choose, Escape to leave it.

const MOST = 6;
let field = null; // where the list is open
let list = null;
let at = -1; // where the @ stands
let chosen = 0;

const fold = (text) => text.normalize("NFC").toLocaleLowerCase("sv");
const people = () => JSON.parse(document.getElementById("comment-people")?.textContent ?? "[]");

/** The beginning of a name that is being written before the cursor: {at, typed}, or null. */
function begun(area) {
  const before = area.value.slice(0, area.selectionStart);
  const place = before.lastIndexOf("@");
  if (place < 0 || (place > 0 && /[\p{L}\p{N}.]/u.test(before[place - 1]))) return null;
  const typed = before.slice(place + 1);
  return /^[\p{L}\p{M}' -]{0,40}$/u.test(typed) && !/\s\s|^\s/.test(typed) ? { at: place, typed: fold(typed) } : null;
}

function matches(typed) {
  return people()
    .filter((name) => fold(name).split(" ").some((_part, n, parts) => parts.slice(n).join(" ").startsWith(typed)))
    .slice(0, MOST);
}

export function closeMentions() {
  list?.remove();
  list = null;
  if (!field) return;
  field.removeAttribute("aria-activedescendant");
  field = null;
}

function look(area) {
  const now = begun(area);
  const names = now ? matches(now.typed) : [];
  if (!names.length || (names.length === 1 && fold(names[0]) === now.typed)) return closeMentions();
  if (field !== area) closeMentions();
  [field, at, chosen] = [area, now.at, 0];
  list ??= open(area);
  list.replaceChildren(...names.map((name, n) => item(name, n)));
  show();
}

function open(area) {
  const box = document.createElement("ul");
  box.className = "mention-list";
  box.id = "mention-list";
  box.setAttribute("role", "listbox");
  box.setAttribute("aria-label", area.labels?.[0]?.textContent.trim() || "@");
  (area.closest("dialog") ?? document.getElementById("main")?.parentElement ?? document.body).append(box);
  area.setAttribute("aria-controls", box.id);
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-haspopup", "listbox");
  const place = area.getBoundingClientRect();
  const origin = box.offsetParent?.getBoundingClientRect() ?? { left: -scrollX, top: -scrollY };
  box.style.left = `${place.left - origin.left}px`;
  box.style.top = `${place.bottom - origin.top + 2}px`;
  return box;
}

function item(name, n) {
  const row = document.createElement("li");
  row.id = `mention-${n}`;
  row.setAttribute("role", "option");
  row.textContent = name;
  row.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    chosen = n;
    take();
  });
  return row;
}

function show() {
  [...list.children].forEach((row, n) => row.setAttribute("aria-selected", String(n === chosen)));
  field.setAttribute("aria-activedescendant", `mention-${chosen}`);
}

function take() {
  const name = list.children[chosen].textContent;
  const area = field;
  const after = area.value.slice(area.selectionStart);
  area.setRangeText(`@${name}${after.startsWith(" ") ? "" : " "}`, at, area.selectionStart, "end");
  closeMentions();
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("input", (event) => event.target.matches?.("[data-mentions]") && look(event.target));
document.addEventListener("focusout", (event) => event.target === field && closeMentions());
document.addEventListener("keydown", (event) => {
  if (!field || event.target !== field || event.isComposing) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    chosen = (chosen + step + list.children.length) % list.children.length;
    show();
  } else if (event.key === "Enter" || event.key === "Tab") take();
  else if (event.key === "Escape") closeMentions();
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);
