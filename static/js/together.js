// Writing together: every piece (data-together) is saved as it is written, its state is said beside it, and what colleagues
// write comes in by itself. The server puts both texts together; when both changed the same words, both are shown.
// Without this script the forms are saved by their buttons, and a stale save shows both texts too.

const root = document.querySelector("[data-writing]");
const PAUSE = 1200; // milliseconds without a key before a piece is saved
const LOOK = 8000; // between two looks at what colleagues have written
const pieces = new WeakMap();
let token = "";

/** What a piece's fields say: field -> value. */
function values(element, initially = false) {
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

function pieceOf(element) {
  if (!pieces.has(element))
    pieces.set(element, { base: values(element, true), revision: Number(element.dataset.revision), timer: 0, busy: false, stopped: false });
  return pieces.get(element);
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** Put values into the fields; the cursor stays at its word. */
function fill(element, wanted) {
  for (const part of element.querySelectorAll("[data-part]")) {
    const value = String(wanted[part.dataset.part] ?? "");
    if (part.type === "radio") part.checked = part.value === value;
    else if (part.value !== value) {
      const at = part.selectionStart;
      const before = part.value;
      const focused = document.activeElement === part;
      part.value = value;
      if (!focused || at === null || at === undefined) continue;
      let common = 0;
      while (common < at && before[common] === value[common]) common += 1;
      const where = common === at ? at : Math.max(common, at + value.length - before.length);
      part.setSelectionRange(where, where);
    }
  }
}

/** The piece is saved as ``base`` at ``revision``: the form's own fields for saving by button say so too. */
function settle(element, piece, revision, base) {
  piece.revision = revision;
  piece.base = base;
  element.dataset.revision = revision;
  for (const field of element.querySelectorAll('input[type="hidden"][name$="revision"], [data-keeps="revision"]')) field.value = revision;
  for (const field of element.querySelectorAll('[data-keeps="value"]')) field.value = base.value ?? "";
}

function say(element, kind, text) {
  let line = element.querySelector("[data-save-state]");
  if (!line) {
    line = document.createElement("p");
    line.dataset.saveState = "";
    line.className = "save-state small";
    line.setAttribute("role", "status");
    element.append(line);
  }
  line.dataset.kind = kind;
  line.textContent = text;
}

const clock = () => new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }).format(new Date());

async function save(element) {
  const piece = pieceOf(element);
  const sent = values(element);
  if (piece.busy || piece.stopped || same(sent, piece.base)) return;
  piece.busy = true;
  say(element, "busy", root.dataset.saving);
  const body = new URLSearchParams({ ...sent, piece: element.dataset.together, revision: piece.revision, base: JSON.stringify(piece.base), csrfmiddlewaretoken: token });
  let answer;
  let said = {};
  try {
    answer = await fetch(root.dataset.save, { method: "POST", body, headers: { Accept: "application/json" } });
    said = await answer.json();
  } catch {
    piece.busy = false;
    say(element, "problem", root.dataset.offline);
    later(element, LOOK);
    return;
  }
  piece.busy = false;
  if (answer.ok) return saved(element, piece, sent, said);
  if (answer.status === 409 && said.theirs) return collided(element, piece, said);
  piece.stopped = answer.status === 403 || answer.status === 409;
  say(element, "problem", `${root.dataset.refused} ${said.message ?? ""}`);
}

function saved(element, piece, sent, said) {
  const merged = !same(Object.fromEntries(Object.keys(sent).map((name) => [name, String(said.values[name] ?? "")])), sent);
  const now = values(element);
  if (same(now, sent)) {
    fill(element, said.values);
    settle(element, piece, said.revision, values(element));
    element.closest("form")?.dispatchEvent(new Event("rus:saved", { bubbles: true }));
  } else if (merged) {
    piece.base = sent; // more was written meanwhile: the next save puts it together with what has come
    later(element, PAUSE);
  } else {
    settle(element, piece, said.revision, sent);
    later(element, PAUSE);
  }
  say(element, "saved", `${merged ? root.dataset.merged : root.dataset.saved} ${clock()}`);
}

/** Both changed the same words: the colleague's text stands beside, and the writer decides. */
function collided(element, piece, said) {
  settle(element, piece, said.theirs.revision, Object.fromEntries(Object.keys(piece.base).map((name) => [name, String(said.theirs.values[name] ?? "")])));
  say(element, "problem", said.message);
  const line = element.querySelector("[data-save-state]");
  const box = document.createElement("span");
  box.className = "inset pre-line collided";
  box.textContent = Object.entries(said.theirs.values).filter(([name]) => !["kind", "stance"].includes(name)).map(([, value]) => value).join("\n") || "–";
  const keep = document.createElement("button");
  const take = document.createElement("button");
  for (const [button, words] of [[keep, root.dataset.keep], [take, root.dataset.take]]) {
    button.type = "button";
    button.className = "button button--small button--secondary";
    button.textContent = words;
  }
  keep.addEventListener("click", () => { piece.stopped = false; save(element); });
  take.addEventListener("click", () => {
    piece.stopped = false;
    fill(element, said.theirs.values);
    say(element, "saved", root.dataset.taken);
  });
  piece.stopped = true;
  line.append(box, keep, take);
}

function later(element, wait) {
  const piece = pieceOf(element);
  clearTimeout(piece.timer);
  piece.timer = setTimeout(() => save(element), wait);
}

function touched(event) {
  const element = event.target.closest?.("[data-together]");
  if (!element || !event.target.dataset.part) return;
  const piece = pieceOf(element);
  if (same(values(element), piece.base)) return;
  if (!piece.stopped) say(element, "busy", root.dataset.waiting);
  later(element, event.type === "change" && event.target.type === "radio" ? 200 : PAUSE);
}

/** What colleagues have written since, and where they are. */
async function look() {
  if (document.hidden) return;
  const shown = [...document.querySelectorAll("[data-together]")];
  const known = new URLSearchParams(shown.map((element) => [element.dataset.together, pieceOf(element).revision]));
  const here = document.activeElement?.closest?.("[data-together]");
  if (here) known.set("at", here.dataset.together);
  let said;
  try {
    const answer = await fetch(`${root.dataset.news}?${known}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) return;
    said = await answer.json();
  } catch {
    return;
  }
  for (const element of shown) {
    const newer = said.newer[element.dataset.together];
    const piece = pieceOf(element);
    if (newer && newer.revision > piece.revision && !piece.busy) {
      if (!same(values(element), piece.base)) save(element);
      else {
        fill(element, newer.values);
        settle(element, piece, newer.revision, values(element));
        say(element, "saved", `${root.dataset.came} ${clock()}`);
      }
    }
    const names = said.writing.filter((row) => row.piece === element.dataset.together).map((row) => row.name);
    showWriters(element, names);
  }
}

function showWriters(element, names) {
  let line = element.querySelector("[data-writers]");
  if (!line && names.length) {
    line = document.createElement("p");
    line.dataset.writers = "";
    line.className = "writers small";
    element.prepend(line);
  }
  if (line) {
    line.hidden = !names.length;
    line.textContent = names.length ? `${names.join(", ")} ${root.dataset.writes}` : "";
  }
}

if (root) {
  token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  document.addEventListener("input", touched);
  document.addEventListener("change", touched);
  addEventListener("online", () => document.querySelectorAll("[data-together]").forEach(save));
  addEventListener("visibilitychange", () => document.hidden && document.querySelectorAll("[data-together]").forEach(save));
  setInterval(look, LOOK);
}
