// Copies the fonts (OFL) that static/css/fonts.css names into static/build/fonts, with their licences.
import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const packages = join(here, "..", "node_modules", "@fontsource");
const target = join(here, "..", "..", "static", "build", "fonts");

const FAMILIES = {
  "source-sans-3": ["400-normal", "400-italic", "600-normal", "600-italic", "700-normal"],
  "source-serif-4": ["400-normal", "400-italic", "600-normal", "600-italic", "700-normal"],
  "atkinson-hyperlegible-next": ["400-normal", "400-italic", "600-normal", "600-italic", "700-normal"],
};

await mkdir(target, { recursive: true });
for (const [family, faces] of Object.entries(FAMILIES)) {
  await copyFile(join(packages, family, "LICENSE"), join(target, `${family}-OFL.txt`));
  for (const face of faces)
    for (const subset of ["latin", "latin-ext"]) {
      const file = `${family}-${subset}-${face}.woff2`;
      await copyFile(join(packages, family, "files", file), join(target, file));
    }
}
