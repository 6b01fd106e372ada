// Makes tests/strategies/golden_steps.json (and golden_suggestions.json, the same in suggest mode): documents, steps made by the JavaScript library, and what they lead to.
// `npm run golden` after a change of the schema or of a library's version; the result is committed.
import { build } from "esbuild";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "golden-"));
const written = async (source, made, name) => {
  const bundle = join(scratch, `${name}.mjs`);
  await build({ entryPoints: [join(here, "src", "golden", source)], outfile: bundle, bundle: true, format: "esm", platform: "node", logLevel: "warning" });
  const { start, cases } = (await import(pathToFileURL(bundle).href))[made]();
  const lines = cases.map((item) => JSON.stringify(item)).join(",\n");
  writeFileSync(join(here, "..", "tests", "strategies", `${name}.json`), `{"start": ${JSON.stringify(start)},\n"cases": [\n${lines}\n]}\n`);
  console.log(`${name}: ${cases.length} cases`);
};
await written("corpus.ts", "corpus", "golden_steps");
await written("suggested.ts", "suggested", "golden_suggestions");
rmSync(scratch, { recursive: true });
