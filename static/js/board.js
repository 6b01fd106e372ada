// The coverage board, rung for when something has changed: it fetches itself then, and now and then without a ring. Many rings
// are one fetch.
import { Connection } from "./connection.js";

const RING = 300; // milliseconds, and at most as much again, so that many boards do not ask at once
const REST = 5000; // between two fetches that were rung for
const LOOK = 10_000; // between two looks, when nobody rings
const LOOK_UP = 45_000; // the same when somebody does: a ring may have been missed

const path = document.querySelector("[data-live-board]")?.dataset.liveBoard;
let lookedAt = Date.now();
let rungFor = 0; // when it was last fetched because of a ring
let timer = 0;
let missed = false;

function look() {
  clearTimeout(timer);
  timer = 0;
  missed = document.hidden;
  if (missed) return;
  lookedAt = Date.now();
  document.getElementById("board")?.dispatchEvent(new Event("rus:look"));
}

function soon() {
  if (timer) return;
  const wait = Math.max(RING * (1 + Math.random()), rungFor + REST - Date.now());
  rungFor = Date.now() + wait;
  timer = setTimeout(look, wait);
}

if (path) {
  let times = 0;
  const connection = new Connection(path, ({ type }) => {
    if (type === "board" || (type === "up" && times++)) soon(); // connected again: what was missed
  });
  setInterval(() => Date.now() - lookedAt >= (connection.up ? LOOK_UP : LOOK) && look(), 1000);
  document.addEventListener("visibilitychange", () => !document.hidden && missed && look());
}
