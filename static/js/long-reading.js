// The consultation version made for long reading: where one is, the size one wants, paragraph numbers or not, search.
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
  const ways = form.querySelectorAll("[data-previous], [data-next]");
  const say = (words, numbers = {}) => (line.textContent = words.replace(/\{(\w+)\}/g, (_all, name) => numbers[name]));
  let hits = [];
  let at = -1;
  const show = () => {
    for (const way of ways) way.disabled = !hits.length;
    if (!CSS.highlights) return;
    CSS.highlights.set("found", new Highlight(...hits));
    CSS.highlights.set("found-here", hits[at] ? new Highlight(hits[at]) : new Highlight());
  };
  const look = () => {
    const words = field.value.trim();
    const { one, many, none } = form.dataset;
    hits = words.length > 1 ? places(words) : [];
    at = -1;
    say(words.length < 2 ? "" : hits.length > 1 ? many : hits.length ? one : none, { n: hits.length });
    show();
  };
  const go = (step) => {
    if (!hits.length) return;
    at = at < 0 && step < 0 ? hits.length - 1 : (at + step + hits.length) % hits.length;
    say(form.dataset.found, { at: at + 1, n: hits.length });
    show();
    const box = hits[at].getBoundingClientRect();
    scrollBy({ top: box.top - innerHeight / 2, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth" });
  };
  field.addEventListener("input", look);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.shiftKey) return;
    event.preventDefault();
    go(-1);
  });
  form.querySelector("[data-previous]").addEventListener("click", () => go(-1));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go(1);
  });
}

/** The outline marks the section being read: the last one to have passed the upper third of the window. */
function whereOneIs(contents) {
  const links = new Map([...contents.querySelectorAll('a[href^="#avsnitt-"]')].map((link) => [link.hash.slice(1), link]));
  const rows = [...text.querySelectorAll(".reading-row")];
  const nav = contents.querySelector("nav");
  const passed = new Set();
  let current = null;
  const mark = () => {
    const found = links.get(rows.findLast((row) => passed.has(row))?.id) ?? null;
    if (found === current) return;
    current?.removeAttribute("aria-current");
    found?.setAttribute("aria-current", "true");
    current = found;
    if (found && nav.scrollHeight > nav.clientHeight) nav.scrollTop = found.offsetTop - nav.clientHeight / 3;
  };
  const watch = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting, boundingClientRect, rootBounds } of entries) {
        const above = isIntersecting || (rootBounds !== null && boundingClientRect.top < rootBounds.bottom);
        if (above) passed.add(target);
        else passed.delete(target);
      }
      mark();
    },
    { rootMargin: "0px 0px -66% 0px" },
  );
  for (const row of rows) watch.observe(row);
  // On a narrow screen the outline closes when a section has been chosen.
  contents.addEventListener("click", (event) => event.target.closest("a") && (contents.open = false));
}

const contents = document.querySelector("[data-contents]");
if (text && contents) whereOneIs(contents);
if (text && tools) {
  tools.hidden = false;
  sizes();
  numbers();
  search();
  tools.querySelector("[data-print]").addEventListener("click", () => print());
}
