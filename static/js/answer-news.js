// On every page about an answer that is under way: says at once when a colleague has taken it a step on, or (where they are shown)
// has changed points. Nothing on the page is changed; a link reads it anew. Where one writes in fields, together.js sees to it.
import { Connection } from "./connection.js";

const source = document.querySelector("template[data-answer-news]");
const PATIENCE = 20_000; // milliseconds for one answer
let banner = null;

function tell(words) {
  banner ??= source.content.querySelector("[data-writing-news]").cloneNode(true);
  banner.querySelector("[data-words]").textContent = words;
  banner.hidden = false;
  document.querySelector("main").prepend(banner);
  document.dispatchEvent(new CustomEvent("rus:announce", { detail: words }));
}

async function askState() {
  try {
    const answer = await fetch(`${source.dataset.answerNews}?rung=1`, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE) });
    const said = answer.ok && !answer.redirected ? await answer.json() : null;
    if (said && said.state !== source.dataset.state) tell(said.words);
  } catch {
    // the next page says it
  }
}

function heard(said) {
  if (said.type === "state" || said.type === "up") askState();
  const aboutPoints = said.type === "piece" && said.piece.startsWith("point-") && String(said.by) !== source.dataset.person;
  if (aboutPoints && source.dataset.points) tell(source.dataset.points);
}

if (source && !document.querySelector("[data-writing]")) new Connection(source.dataset.live, heard);
