// Copies the faces that documents are set in from the registry's package into documents/fonts, with their licence (OFL 1.1).
import { cp, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const from = join(here, "../node_modules/@expo-google-fonts/source-sans-3");
const out = join(here, "fonts");

await mkdir(out, { recursive: true });
for (const face of ["400Regular", "600SemiBold", "700Bold"]) {
  const name = `SourceSans3_${face}.ttf`;
  await cp(join(from, face, name), join(out, name));
}
await cp(join(from, "LICENSE_FONT"), join(out, "LICENSE"));
