// The consultation version made for long reading: the size one wants, paragraph numbers or not, search in the text.
// Without this script the text stands as it is, with its numbers, and the browser's own search finds everything.

const text = document.querySelector("[data-long-reading]");
const tools = document.querySelector("[data-reading-tools]");

function remembered(name, otherwise) {
  try {
    return localStorage.getItem(name) ?? otherwise;
  } catch {
    return otherwise; // a browser that keeps nothing: the choice holds for this page
  }
}

function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // as above
  }
}

function sizes() {
  const group = tools.querySelector("[data-sizes]");
  const choose = (size) => {
    text.dataset.size = size;
    for (const button of group.children) button.setAttribute("aria-pressed", String(button.value === size));
  };
  choose(remembered("reading-size", ""));
  group.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    choose(button.value);
    remember("reading-size", button.value);
  });
}

function numbers() {
  const button = tools.querySelector("[data-numbers]");
  const show = (on) => {
    text.classList.toggle("numbered", on);
    button.setAttribute("aria-pressed", String(on));
  };
  show(remembered("paragraph-numbers", "yes") === "yes");
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    show(on);
    remember("paragraph-numbers", on ? "yes" : "no");
  });
}

/** Ranges of every place where the words stand. */
function places(words) {
  const wanted = words.toLocaleLowerCase();
  const found = [];
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT, {
    acceptNode: (node) => (node.parentElement.closest("[data-words], h2, h3, h4") ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_REJECT),
  });
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const here = node.data.toLocaleLowerCase();
    for (let at = here.indexOf(wanted); at >= 0; at = here.indexOf(wanted, at + wanted.length)) {
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + wanted.length);
      found.push(range);
    }
  }
  return found;
}

function search() {
  const form = tools.querySelector("[data-text-search]");
  const field = form.querySelector("input");
  const line = form.querySelector("[data-hits]");
  let hits = [];
  let at = -1;
  const show = () => {
    if (!CSS.highlights) return;
    CSS.highlights.set("found", new Highlight(...hits));
    CSS.highlights.set("found-here", hits[at] ? new Highlight(hits[at]) : new Highlight());
  };
  const look = () => {
    const words = field.value.trim();
    hits = words.length > 1 ? places(words) : [];
    at = -1;
    line.textContent = words.length > 1 ? (hits.length ? `${hits.length} ${form.dataset.found}` : form.dataset.none) : "";
    show();
  };
  field.addEventListener("input", look);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!hits.length) return;
    at = (at + 1) % hits.length;
    line.textContent = `${at + 1} / ${hits.length}`;
    show();
    hits[at].startContainer.parentElement.scrollIntoView({ block: "center" });
  });
}

if (text && tools) {
  tools.hidden = false;
  sizes();
  numbers();
  search();
  tools.querySelector("[data-print]").addEventListener("click", () => print());
}
