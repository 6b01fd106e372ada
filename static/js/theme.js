// The reader's choice of theme and font at once, kept in the same cookies that the form sets without a script.
const ATTRIBUTE = { theme: "theme", reading_font: "font" };
const YEAR = 365 * 24 * 3600;

for (const form of document.querySelectorAll("[data-appearance]")) {
  form.addEventListener("submit", (event) => {
    const { name, value } = event.submitter ?? {};
    if (!(name in ATTRIBUTE)) return;
    event.preventDefault();
    document.documentElement.dataset[ATTRIBUTE[name]] = value;
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `${name}=${value}; path=/; max-age=${YEAR}; samesite=lax${secure}`;
    for (const button of form.querySelectorAll(`[name="${name}"]`)) button.setAttribute("aria-pressed", String(button.value === value));
  });
}
