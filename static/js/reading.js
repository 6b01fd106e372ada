// Long reading: the outline shows where one is, the text has the size one wants, and every paragraph has an address.

const text = document.querySelector("[data-reading]");
const contents = document.querySelector("[data-contents]");

// Where one is: the last section whose top has passed the upper third of the window.
if (text && contents) {
  const links = new Map([...contents.querySelectorAll('a[href^="#avsnitt-"]')].map((link) => [link.hash.slice(1), link]));
  const sections = [...text.querySelectorAll(".strategy-section")];
  const nav = contents.querySelector("nav");
  let current = null;
  const mark = () => {
    const line = innerHeight / 3;
    let found = null;
    for (const section of sections) {
      if (section.getBoundingClientRect().top > line) break;
      found = links.get(section.id) ?? found;
    }
    if (found === current) return;
    current?.removeAttribute("aria-current");
    found?.setAttribute("aria-current", "true");
    current = found;
    if (found && nav.scrollHeight > nav.clientHeight) nav.scrollTop = found.offsetTop - nav.clientHeight / 3;
  };
  let waiting = false;
  const later = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => ((waiting = false), mark()));
  };
  addEventListener("scroll", later, { passive: true });
  addEventListener("resize", later);
  mark();
  // On a narrow screen the outline closes when a section has been chosen.
  contents.addEventListener("click", (event) => event.target.closest("a") && (contents.open = false));
}

// The size of the text, remembered on this device.
const sizes = document.querySelector("[data-sizes]");
if (text && sizes) {
  const choose = (size) => {
    text.dataset.size = size;
    for (const button of sizes.children) button.setAttribute("aria-pressed", String(button.value === size));
  };
  sizes.hidden = false;
  try {
    choose(localStorage.getItem("reading-size") ?? "");
  } catch {
    choose("");
  }
  sizes.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    choose(button.value);
    try {
      localStorage.setItem("reading-size", button.value);
    } catch {
      // a browser that keeps nothing: the choice holds for this page
    }
  });
}

// Addresses: a link at every heading (also by keyboard), and one in the margin beside the paragraph under the pointer.
if (text) {
  const label = text.dataset.linkLabel;
  for (const section of text.querySelectorAll(".strategy-section")) {
    const heading = section.querySelector("h2, h3, h4, h5");
    const link = Object.assign(document.createElement("a"), { className: "heading-link", href: `#${section.id}`, textContent: "#" });
    link.setAttribute("aria-label", `${label}: ${heading.textContent.trim()}`);
    heading.append(" ", link);
  }
  const margin = Object.assign(document.createElement("a"), { className: "paragraph-link", textContent: "¶", tabIndex: -1, hidden: true });
  margin.setAttribute("aria-hidden", "true");
  margin.title = label;
  text.addEventListener("pointerover", (event) => {
    const block = event.target.closest(".prose > [data-block]");
    if (!block || event.pointerType !== "mouse") return;
    const section = block.closest(".strategy-section");
    margin.href = `#${block.id}`;
    margin.hidden = false;
    section.append(margin);
    const top = block.getBoundingClientRect().top - section.getBoundingClientRect().top;
    margin.style.insetBlockStart = `${top}px`;
  });
  text.addEventListener("click", async (event) => {
    const link = event.target.closest(".heading-link, .paragraph-link");
    if (!link || !navigator.clipboard) return;
    try {
      await navigator.clipboard.writeText(link.href);
      document.dispatchEvent(new CustomEvent("rus:toast", { detail: { text: text.dataset.copied } }));
    } catch {
      // without leave to copy, the address is in the browser's bar
    }
  });
}
