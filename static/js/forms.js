// Forms: focus on what is wrong, one sending per press, growing text areas, a warning before unsaved words are lost.
document.querySelector("[data-takes-focus]:not([data-example] *)")?.focus();

// One sending: a second press within the same page does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-submit-many")) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
});
const again = (form) => {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
};
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(again));
document.addEventListener("htmx:afterRequest", (event) => document.querySelectorAll("form[data-sent]").forEach((form) => form.contains(event.target) && again(form)));

// Growing text areas, where the browser has no field-sizing.
if (!CSS.supports("field-sizing", "content")) {
  const grow = (area) => {
    area.style.blockSize = "auto";
    area.style.blockSize = `${area.scrollHeight + 4}px`;
  };
  document.querySelectorAll("textarea[data-autosize]").forEach(grow);
  for (const happened of ["input", "rus:filled"])
    document.addEventListener(happened, (event) => event.target.matches("textarea[data-autosize]") && grow(event.target));
}

// A warning before leaving a form with unsaved words.
const changed = new Set();
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-leave-warning]");
  if (form) changed.add(form);
});
document.addEventListener("submit", (event) => changed.delete(event.target));
document.addEventListener("rus:saved", (event) => changed.delete(event.target));
addEventListener("beforeunload", (event) => {
  for (const form of changed) if (form.isConnected) return event.preventDefault();
});

// Filters send themselves: at once for a choice, after a pause for typing.
let pause;
const send = (form, wait) => {
  clearTimeout(pause);
  pause = setTimeout(() => form.requestSubmit(), wait);
};
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-autosubmit]");
  if (form && !event.target.matches('[type="search"], [type="text"]')) send(form, 0);
});
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-autosubmit]");
  if (form && event.target.matches('[type="search"], [type="text"]')) send(form, 450);
});
