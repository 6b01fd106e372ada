// The fields of a piece (data-together) on the page: what they say, filling them without disturbing whoever writes in them, and
// the line below that says how it is saved.
import { changes, placeAfter } from "./merging.js";

let composing = null; // the field in which an input method is putting a word together
document.addEventListener("compositionstart", (event) => (composing = event.target));
document.addEventListener("compositionend", () => (composing = null));

/** Whether a word is half written (by an input method) in the piece: then nothing there may be touched, nor sent. */
export const isComposing = (element) => composing !== null && element.contains(composing);

/** What a piece's fields say: field -> value. ``initially``: what they said when the page was made. */
export function values(element, initially = false) {
  const found = {};
  for (const part of element.querySelectorAll("[data-part]")) {
    const name = part.dataset.part;
    if (part.type === "radio") {
      found[name] ??= "";
      if (initially ? part.defaultChecked : part.checked) found[name] = part.value;
    } else if (part.localName === "select") {
      const chosen = [...part.options].find((option) => (initially ? option.defaultSelected : option.selected));
      found[name] = chosen?.value ?? part.value;
    } else found[name] = initially ? part.defaultValue : part.value;
  }
  return found;
}

export const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** Put values into the fields; cursor, selection and what is in view stay at their words. */
export function fill(element, wanted) {
  for (const part of element.querySelectorAll("[data-part]")) {
    const value = String(wanted[part.dataset.part] ?? "");
    if (part.type === "radio") part.checked = part.value === value;
    else if (part.value !== value) rewrite(part, value);
  }
}

function rewrite(part, value) {
  const { selectionStart: from, selectionEnd: to, selectionDirection: way, scrollTop, value: before } = part;
  part.value = value;
  if (typeof from === "number") {
    const edits = changes(before, value);
    part.setSelectionRange(placeAfter(edits, from), placeAfter(edits, to), way);
    part.scrollTop = scrollTop;
  }
  part.dispatchEvent(new Event("rus:filled", { bubbles: true }));
}

/** The line of a piece with this name (data-<name>), made when it is not there. */
function line(element, name, className) {
  const found = element.querySelector(`[data-${name}]`);
  if (found) return found;
  const made = document.createElement("p");
  made.setAttribute(`data-${name}`, "");
  made.className = className;
  element.append(made);
  return made;
}

export function say(element, kind, text) {
  const said = line(element, "save-state", "save-state small");
  said.setAttribute("role", "status");
  said.dataset.kind = kind;
  if (said.textContent !== text) said.textContent = text;
  return said;
}

/** Who is in the piece, in words; not spoken, so that it does not chatter. */
export function showWriters(element, text) {
  if (!text && !element.querySelector("[data-writers]")) return;
  const said = line(element, "writers", "writers small");
  said.hidden = !text;
  if (said.textContent !== text) said.textContent = text;
}

/** Both changed the same words: the colleague's text stands beside, and the writer decides. */
export function showBoth(element, said, { keep, take }) {
  const place = say(element, "problem", said.message);
  const box = document.createElement("span");
  box.className = "inset pre-line collided";
  box.textContent = Object.entries(said.theirs.values).filter(([name]) => !["kind", "stance"].includes(name)).map(([, value]) => value).join("\n") || "–";
  place.append(box);
  for (const { words, deed } of [keep, take]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--small button--secondary";
    button.textContent = words;
    button.addEventListener("click", deed);
    place.append(button);
  }
}

export const clock = () => new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }).format(new Date());
