// data-tabs: headings and sections become tabs (arrow keys, Home, End). Without a script they are read one after another.
let made = 0;

function build(group) {
  const panels = [...group.querySelectorAll(":scope > [data-tab]")];
  const list = document.createElement("div");
  list.className = "tabs";
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", group.dataset.tabs || document.title);
  const tabs = panels.map((panel) => {
    const number = ++made;
    panel.id ||= `tab-panel-${number}`;
    const tab = document.createElement("button");
    Object.assign(tab, { type: "button", id: `tab-${number}`, textContent: panel.dataset.tab });
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", panel.id);
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", tab.id);
    panel.tabIndex = 0;
    panel.querySelector(":scope > [data-tab-heading]")?.classList.add("visually-hidden");
    list.append(tab);
    return tab;
  });
  const show = (index, focus) => {
    tabs.forEach((tab, place) => {
      tab.setAttribute("aria-selected", String(place === index));
      tab.tabIndex = place === index ? 0 : -1;
      panels[place].hidden = place !== index;
    });
    if (focus) tabs[index].focus();
  };
  list.addEventListener("click", (event) => tabs.includes(event.target) && show(tabs.indexOf(event.target), false));
  list.addEventListener("keydown", (event) => {
    const now = tabs.indexOf(document.activeElement);
    const next = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    show((next + tabs.length) % tabs.length, true);
  });
  group.prepend(list);
  const asked = panels.findIndex((panel) => location.hash && panel.id === location.hash.slice(1));
  show(Math.max(0, asked), false);
}

document.querySelectorAll("[data-tabs]").forEach(build);
