// Only for the page /designsystem/: a button that shows a toast.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-toast]");
  if (button) document.dispatchEvent(new CustomEvent("rus:toast", { detail: { text: button.dataset.toast } }));
});
