// Makes tests/strategies/golden_steps.json: documents, steps made by the JavaScript library, and what they lead to.
// `npm run golden` after a change of the schema or of a library's version; the result is committed.
import { build } from "esbuild";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "golden-"));
const bundle = join(scratch, "golden.mjs");
await build({ entryPoints: [join(here, "src", "golden", "corpus.ts")], outfile: bundle, bundle: true, format: "esm", platform: "node", logLevel: "warning" });
const { corpus } = await import(pathToFileURL(bundle).href);
rmSync(scratch, { recursive: true });
const { start, cases } = corpus();
const lines = cases.map((item) => JSON.stringify(item)).join(",\n");
writeFileSync(join(here, "..", "tests", "strategies", "golden_steps.json"), `{"start": ${JSON.stringify(start)},\n"cases": [\n${lines}\n]}\n`);
console.log(`${cases.length} cases`);
