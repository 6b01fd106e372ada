// A suggested wording begins from the words it is about. Without this script one writes it from the start.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-start-from]");
  if (!button) return;
  const form = button.closest("form");
  const words = form.querySelector("[name=words]") ?? form.querySelector("[name=quote]");
  const wording = form.querySelector("[name=suggested_wording]");
  if (!words?.value.trim()) return words?.focus();
  if (!wording.value.trim()) wording.value = words.value;
  wording.focus();
  wording.dispatchEvent(new Event("input", { bubbles: true }));
});
// Shown only where it works.
const show = () => document.querySelectorAll("[data-start-from][hidden]").forEach((button) => (button.hidden = false));
new MutationObserver(show).observe(document.body, { childList: true, subtree: true });
show();
