// Fills in a demo account's address and password, and says so.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-demo-email]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const form = document.querySelector("form:has(input[type=password])");
  if (!form) return;
  event.preventDefault();
  form.elements.username.value = link.dataset.demoEmail;
  form.elements.password.value = link.dataset.demoPassword;
  form.scrollIntoView({ block: "center" });
  form.querySelector("[type=submit]").focus();
  document.dispatchEvent(new CustomEvent("rus:announce", { detail: link.dataset.demoEmail }));
});
