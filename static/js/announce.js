// Says things: quietly in the role=status node (rus:announce), or visibly as a toast (rus:toast).
const status = document.getElementById("status");
const toasts = document.getElementById("toasts");
const template = document.getElementById("toast-template");
const ICONS = { success: "check-circle", info: "info", warning: "alert", danger: "error" };
const STAYS = 6000; // ms; a toast with an action or a failure stays until it is closed

function words(event) {
  return typeof event.detail === "string" ? event.detail : (event.detail?.value ?? event.detail?.text ?? "");
}

function announce(text) {
  status.textContent = "";
  setTimeout(() => (status.textContent = text), 60); // a change is what screen readers speak
}

function toast({ text, tone = "success", undo }) {
  const node = template.content.firstElementChild.cloneNode(true);
  const use = node.querySelector(".toast-icon use");
  use?.setAttribute("href", use.getAttribute("href").replace(/#.*$/, `#${ICONS[tone] ?? "info"}`));
  node.querySelector(".toast-text").textContent = text;
  node.querySelector(".toast-close").addEventListener("click", () => node.remove());
  if (undo) addUndo(node.querySelector(".toast-undo"), undo);
  toasts.append(node);
  announce(text);
  const close = () => (node.matches(":hover, :focus-within") ? setTimeout(close, 1000) : node.remove());
  if (!undo && tone !== "danger") setTimeout(close, STAYS);
}

function addUndo(button, { label, url }) {
  button.hidden = false;
  button.textContent = label;
  button.addEventListener("click", () => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = url;
    const token = Object.assign(document.createElement("input"), { type: "hidden", name: "csrfmiddlewaretoken" });
    token.value = document.querySelector('meta[name="csrf-token"]').content;
    form.append(token);
    document.body.append(form);
    form.requestSubmit();
  });
}

document.addEventListener("rus:announce", (event) => announce(words(event)));
document.addEventListener("rus:toast", (event) => toast({ ...(typeof event.detail === "object" ? event.detail : {}), text: words(event) }));

for (const banner of document.querySelectorAll("[data-passing]")) {
  toast({ text: banner.querySelector(".banner-text").textContent.trim(), tone: banner.dataset.passing });
  banner.remove();
}
