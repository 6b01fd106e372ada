// The paste box: what is pasted keeps its form. The text area shows the words; the HTML of the clipboard goes along in a hidden field.
const form = document.querySelector("[data-paste-form]");
const area = form?.querySelector("[data-paste]");
const html = form?.querySelector("input[name=html]");
const said = form?.querySelector("[data-paste-said]");
const LONGEST = 5_000_000;

const forget = () => {
  html.value = "";
  said.hidden = true;
};

area?.addEventListener("paste", (event) => {
  const source = event.clipboardData?.getData("text/html") ?? "";
  const whole = area.selectionStart === 0 && area.selectionEnd === area.value.length;
  if (!source.trim() || !whole || source.length > LONGEST) return;
  html.value = source;
  said.hidden = false;
  document.dispatchEvent(new CustomEvent("rus:announce", { detail: said.textContent.trim() }));
});

// Words that are changed afterwards count: then it is the words that are read, without the form.
area?.addEventListener("input", (event) => event.inputType !== "insertFromPaste" && forget());
