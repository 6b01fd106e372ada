// Reads the text aloud with the browser's own voice, from the section in view, one paragraph at a time and marked as it is
// read. The button is there only when the browser has a voice for the language of the text; without it nothing is missing
// that a screen reader or the browser's own reader does not have.

const text = document.querySelector("[data-long-reading]");
const tool = document.querySelector("[data-listen]");
const LONGEST = 200; // letters in one go: some engines fall silent in the middle of more

function voice() {
  const language = text.querySelector("[data-words]")?.lang || "sv";
  const known = speechSynthesis.getVoices().filter((one) => one.lang.toLowerCase().startsWith(language));
  return known.find((one) => one.localService) ?? known[0] ?? null;
}

/** Headings and paragraphs from the first section in view, in reading order; what lies inside another is read with it. */
function parts() {
  const rows = [...text.querySelectorAll(".reading-text")];
  const first = rows.findIndex((row) => row.getBoundingClientRect().bottom > innerHeight / 4);
  return rows.slice(Math.max(first, 0)).flatMap((row) => {
    const blocks = [...row.querySelectorAll("h2, h3, h4, h5, [data-words] [data-block]")];
    return blocks.filter((block) => !block.querySelector("[data-block]") && block.textContent.trim());
  });
}

/** The words of a block without notes and tools, in pieces that end where a sentence or at least a word does. */
function pieces(block) {
  const copy = block.cloneNode(true);
  for (const extra of copy.querySelectorAll("sup, .footnote-ref, .block-comment, .visually-hidden")) extra.remove();
  const words = copy.textContent.replace(/\s+/g, " ").trim();
  return words.match(new RegExp(`.{1,${LONGEST}}(?:[.!?:;](?= )|(?= )|$)`, "g"))?.map((piece) => piece.trim()).filter(Boolean) ?? [];
}

function setUp() {
  const button = tool.querySelector("button");
  const label = button.querySelector("span");
  const start = label.textContent;
  let run = 0; // a new number: what was being read is no longer the one
  const stop = () => {
    run += 1;
    speechSynthesis.cancel();
    text.querySelector(".is-read")?.classList.remove("is-read");
    button.setAttribute("aria-pressed", "false");
    label.textContent = start;
  };
  const say = (piece, mine) =>
    new Promise((done) => {
      const words = Object.assign(new SpeechSynthesisUtterance(piece), { voice: voice(), lang: voice()?.lang ?? "sv-SE" });
      words.onend = words.onerror = () => done(run === mine);
      speechSynthesis.speak(words);
    });
  const read = async () => {
    const mine = ++run;
    button.setAttribute("aria-pressed", "true");
    label.textContent = tool.dataset.stop;
    for (const block of parts()) {
      text.querySelector(".is-read")?.classList.remove("is-read");
      block.classList.add("is-read");
      block.scrollIntoView({ block: "nearest" });
      for (const piece of pieces(block)) if (!(await say(piece, mine))) return;
    }
    stop();
  };
  button.addEventListener("click", () => (button.getAttribute("aria-pressed") === "true" ? stop() : read()));
  addEventListener("keydown", (event) => event.key === "Escape" && button.getAttribute("aria-pressed") === "true" && stop());
  addEventListener("pagehide", stop);
  const offer = () => (tool.hidden = voice() === null);
  speechSynthesis.addEventListener?.("voiceschanged", offer);
  offer();
}

if (text && tool && "speechSynthesis" in window) setUp();
