// Builds static/build/editor.js and editor.css. `npm run build`; with --report it says the sizes.
import { build } from "esbuild";
import { gzipSync } from "node:zlib";
import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "static", "build");
mkdirSync(out, { recursive: true });

await build({
  entryPoints: [join(here, "src", "editor", "editor.ts"), join(here, "src", "editor", "editor.css"), join(here, "src", "editor", "presence.ts"), join(here, "src", "editor", "presence.css")],
  outdir: out,
  bundle: true,
  format: "esm",
  target: ["es2022", "chrome109", "firefox115", "safari16.4"],
  minify: true,
  sourcemap: false,
  legalComments: "none",
  charset: "utf8",
  logLevel: "warning",
});

if (process.argv.includes("--report")) {
  for (const name of ["editor.js", "editor.css"]) {
    const bytes = readFileSync(join(out, name));
    console.log(JSON.stringify({ name, bytes: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length }));
  }
}
