// data-confirm="Question?" on a form, a submit button or an hx- element asks first, in our own dialog.
// data-confirm-text adds a sentence, data-confirm-button names the yes. Without a script the form is just sent.
const dialog = document.getElementById("confirm");

export function ask({ question, text = "", button, danger = true }) {
  const yes = dialog.querySelector('[value="yes"]');
  dialog.querySelector("#confirm-title").textContent = question;
  const more = dialog.querySelector("#confirm-text");
  more.textContent = text;
  more.hidden = !text;
  yes.textContent = button || dialog.dataset.defaultLabel;
  yes.className = danger ? "button button--danger" : "button button--primary";
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }));
}

const inputs = (node) => ({
  question: node.dataset.confirm,
  text: node.dataset.confirmText,
  button: node.dataset.confirmButton,
  danger: node.dataset.confirmTone !== "calm",
});

let agreed = null; // the form that has its yes

document.addEventListener("submit", async (event) => {
  const node = event.submitter?.closest("[data-confirm]") ?? event.target.closest("[data-confirm]");
  if (!node || agreed === event.target) {
    agreed = null;
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  const { target: form, submitter } = event;
  if (await ask(inputs(node))) {
    agreed = form;
    form.requestSubmit(submitter);
  } else submitter?.focus();
}, true);

document.addEventListener("htmx:confirm", async (event) => {
  const node = event.target.closest("[data-confirm]");
  if (!node || node.closest("form")) return; // forms were asked above
  event.preventDefault();
  if (await ask(inputs(node))) event.detail.issueRequest(true);
});
