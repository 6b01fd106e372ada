// A search box above a long list of checkboxes. Without script the whole list is there.

for (const picker of document.querySelectorAll("[data-picker]")) {
  const choices = [...picker.querySelectorAll(".choice")];
  if (choices.length < 12) continue;
  const label = document.createElement("label");
  label.className = "label";
  label.textContent = picker.dataset.label;
  const box = document.createElement("input");
  box.type = "search";
  box.className = "input";
  box.id = `search-${Math.random().toString(36).slice(2)}`;
  label.htmlFor = box.id;
  picker.querySelector(".choices").before(label, box);
  box.addEventListener("input", () => {
    const wanted = box.value.trim().toLocaleLowerCase("sv");
    for (const choice of choices) {
      const chosen = choice.querySelector("input").checked;
      choice.hidden = !chosen && !choice.textContent.toLocaleLowerCase("sv").includes(wanted);
    }
  });
}
