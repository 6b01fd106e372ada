// On the answer's own page: words from this browser that never got saved, and now can't be, or wait on another page. Shown until
// somebody takes them or throws them away.
import { forget, leftBehind } from "./unsent.js";

const box = document.querySelector("[data-left-words]");

function card(entry, texts) {
  const made = box.querySelector("template").content.firstElementChild.cloneNode(true);
  made.querySelector("[data-text]").textContent = texts.join("\n\n");
  made.querySelector("[data-drop]").addEventListener("click", () => {
    forget(entry.key);
    made.remove();
    box.hidden = !box.querySelector("[data-text]");
  });
  return made;
}

async function show() {
  for (const entry of await leftBehind(box.dataset.leftWords)) {
    const texts = Object.entries(entry.values).filter(([name, value]) => !["kind", "stance"].includes(name) && value.trim() && value !== entry.base[name]);
    if (texts.length) box.append(card(entry, texts.map(([, value]) => value)));
    else forget(entry.key);
  }
  box.hidden = !box.querySelector("[data-text]");
}

if (box) show();
