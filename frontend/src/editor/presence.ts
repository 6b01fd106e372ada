// Who is where: initials beside the rows of the outline. An entry of its own for pages without an editor.
import { pageLive, type Live, type Person } from "./live";
import { words } from "./words";

export const initials = (name: string): string => {
  const parts = name.split(/\s+/).filter(Boolean);
  return ((parts[0]?.[0] ?? "?") + (parts.length > 1 ? parts[parts.length - 1][0] : "")).toUpperCase();
};

/** One entry per person: two tabs are one. */
export const unique = (people: Person[]): Person[] => Array.from(new Map(people.map((each) => [each.person, each])).values());

export const listed = (names: string[]): string =>
  names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} ${words("and")} ${names[names.length - 1]}`;

const mark = (people: Person[]): HTMLElement => {
  const place = document.createElement("span");
  place.className = "here";
  const said = document.createElement("span");
  said.className = "visually-hidden";
  said.textContent = ` ${words("here-now", { names: listed(people.map((each) => each.name)) })}`;
  place.append(said);
  for (const each of people) {
    const chip = document.createElement("span");
    chip.className = `here-mark person-${each.color}`;
    chip.title = each.name;
    chip.setAttribute("aria-hidden", "true");
    chip.textContent = initials(each.name);
    place.append(chip);
  }
  return place;
};

const show = (people: Person[]): void => {
  const rows = document.querySelectorAll<HTMLAnchorElement>("#outline .outline-title-link, .draft-outline a[href*='/avsnitt/']");
  for (const row of rows) {
    const here = unique(people.filter((each) => each.section && row.pathname.includes(each.section)));
    const holder = row.parentElement!;
    const key = here.map((each) => each.person).join();
    if ((holder.dataset.here ?? "") === key && (key === "") === !holder.querySelector(":scope > .here")) continue;
    holder.querySelector(":scope > .here")?.remove();
    holder.dataset.here = key;
    if (here.length) row.after(mark(here));
  }
};

export const showPresence = (live: Live): void => {
  live.listen((heard) => heard.type === "presence" && show(live.people));
  document.addEventListener("htmx:afterSettle", () => show(live.people));
};

const live = pageLive();
if (live) showPresence(live);
