// What htmx needs from us: the CSRF token, aria-busy, focus that is kept or moved on purpose, and refusals in words.
const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";
const problem = document.getElementById("problem");

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token();
});

// What asks by itself (data-quiet) shows no sign of work, and a question that failed is simply asked again.
const quiet = (event) => event.detail.elt?.hasAttribute("data-quiet") ?? false;

document.addEventListener("htmx:beforeRequest", (event) => quiet(event) || event.detail.target?.setAttribute("aria-busy", "true"));
document.addEventListener("htmx:afterRequest", (event) => event.detail.target?.removeAttribute("aria-busy"));

// A refusal (errors/_fragment.html) never takes the place of what the reader was working on.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.status >= 400 && quiet(event)) {
    event.detail.shouldSwap = false;
    return;
  }
  const body = xhr.responseText;
  if (xhr.status >= 400 && body.includes("data-problem")) {
    event.detail.shouldSwap = false;
    showProblem(body);
  } else if (xhr.status >= 400 && !event.detail.shouldSwap) showProblem(document.getElementById("problem-failed").innerHTML);
});
document.addEventListener("htmx:sendError", (event) => quiet(event) || showProblem(document.getElementById("problem-network").innerHTML));

function showProblem(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  problem.replaceChildren(...parsed.body.childNodes);
  if (!problem.open) problem.showModal();
}

// Focus: the same element again when it was replaced, or the heading of the result when it asks for it.
let focused = "";
document.addEventListener("htmx:beforeSwap", () => (focused = document.activeElement?.id ?? ""));
document.addEventListener("htmx:afterSettle", (event) => {
  const wants = event.target.matches?.("[data-focus-after-swap]") ? event.target : event.target.querySelector?.("[data-focus-after-swap], [data-takes-focus]");
  if (wants && !wants.contains(document.activeElement) && !document.activeElement?.closest("form[data-autosubmit]")) {
    if (!wants.hasAttribute("tabindex") && !wants.matches("a, button, input, select, textarea")) wants.tabIndex = -1;
    wants.focus();
  } else if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus();
});
