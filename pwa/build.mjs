// Makes pwa/static from pwa/src, pwa/styles and pwa/icons. Names carry a hash of the bytes, so they may be kept for ever;
// assets.json tells the server which name is which. sw.js and the manifest keep their names: the phone asks for them again.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "static");
// The oldest browsers we build for: a council phone that is five years old.
const target = ["es2022", "chrome105", "safari15.4", "firefox121"];

const short = (bytes) => createHash("sha256").update(bytes).digest("hex").slice(0, 10);
const hashed = (name, bytes) => `${name.slice(0, -extname(name).length)}-${short(bytes)}${extname(name)}`;

/** The page's script and the parts it loads when they are wanted. */
async function scripts() {
  const entry = join(here, "src/app.ts");
  if (!existsSync(entry)) {
    console.warn("pwa/src/app.ts is not there: pages will work as plain HTML, without the script.");
    return { files: new Map(), main: undefined };
  }
  const result = await esbuild.build({
    entryPoints: { app: entry },
    bundle: true, splitting: true, format: "esm", minify: true, target, write: false, metafile: true,
    alias: { leaflet: "leaflet/dist/leaflet-src.esm.js" }, // its other one brings CommonJS into every page's script
    outdir: out, entryNames: "[name]-[hash]", chunkNames: "[name]-[hash]", legalComments: "none", logLevel: "warning",
  });
  const files = new Map(result.outputFiles.map((file) => [file.path.slice(out.length + 1), Buffer.from(file.contents)]));
  const [main] = Object.entries(result.metafile.outputs).find(([, made]) => made.entryPoint?.endsWith("src/app.ts"));
  return { files, main: main.split("/").at(-1) };
}

// Variants of GOV.UK Frontend's parts and of Leaflet's that no page of ours has. They come whole, so they are taken out afterwards.
const UNUSED = /govuk-[\w-]*(--small|--xl|--l\b|--m\b|legend--s|label--s|letter-spacing|__divider|__conditional|file-upload-(button|wrapper)|drop-zone|input--width-30?\b)|leaflet-(control-layers|default-icon)|\.lvml/;
const withoutUnused = (css) =>
  css.replace(/([^{}@]+)\{[^{}]*\}/g, (rule, selectors) => (selectors.split(",").every((one) => UNUSED.test(one)) ? "" : rule));

// What every page has, and what only some have: {% block styles %} of those. A first visit to a field page is to stay under 100 KB.
const SHEETS = ["app", "day", "walk", "safety", "wall", "map", "rota", "entry", "camera", "styleguide"];

/** GOV.UK Frontend's own deprecation notes are its makers' business; ours must not have any. */
async function sheet(name) {
  const made = await sass.compileAsync(join(here, `styles/${name}.scss`), {
    loadPaths: [join(here, "../node_modules")],
    style: "compressed",
    quietDeps: true,
    charset: false,
    logger: { warn: (said, { span }) => { throw new Error(`${span?.url ?? "styles"}: ${said}`); } },
  });
  const small = await esbuild.transform(made.css, { loader: "css", minify: true, target, legalComments: "none" });
  return [`${name}.css`, Buffer.from(withoutUnused(small.code))];
}

/** The script of the household's own pages, which have nothing of the app's. Not kept by the worker. */
async function household() {
  const made = await esbuild.build({
    entryPoints: [join(here, "src/household.ts")], bundle: true, format: "esm", minify: true, target, write: false,
    outdir: out, legalComments: "none", logLevel: "warning",
  });
  return ["household.js", Buffer.from(made.outputFiles[0].contents)];
}

async function drawings() {
  const files = new Map();
  for (const name of (await readdir(join(here, "icons"))).sort()) {
    if (name.endsWith(".png") || name.endsWith(".svg")) files.set(name, await readFile(join(here, "icons", name)));
  }
  return files;
}

/** The manifest names drawings plainly; the phone is given their hashed addresses. */
async function manifest(names) {
  const source = JSON.parse(await readFile(join(here, "manifest.webmanifest"), "utf8"));
  const place = (image) => ({ ...image, src: `/static/${names[image.src] ?? image.src}` });
  for (const list of [source, ...(source.shortcuts ?? [])]) list.icons = list.icons?.map(place);
  if (source.screenshots) source.screenshots = source.screenshots.map(place);
  return Buffer.from(JSON.stringify(source));
}

/** One file at a fixed address, which knows its build and what belongs to it. */
async function worker(build, precache, icon) {
  const entry = join(here, "src/sw.ts");
  if (!existsSync(entry)) {
    console.warn("pwa/src/sw.ts is not there: nothing opens without a signal.");
    return undefined;
  }
  const result = await esbuild.build({
    entryPoints: [entry], bundle: true, format: "iife", minify: true, target, write: false, outdir: out, logLevel: "warning",
    legalComments: "none", define: { __BUILD__: JSON.stringify(build), __PRECACHE__: JSON.stringify(precache), __ICON__: JSON.stringify(icon) },
  });
  return Buffer.from(result.outputFiles[0].contents);
}

const HOUR = 3_600_000;

/** Old names go after an hour, so that a server which is running, and a page which is open, are never without their files. */
async function put(files) {
  await mkdir(out, { recursive: true });
  for (const [name, bytes] of files) await writeFile(join(out, name), bytes);
  for (const name of await readdir(out)) {
    const file = join(out, name);
    if (!files.has(name) && Date.now() - (await stat(file)).mtimeMs > HOUR) await rm(file);
  }
}

function report(files) {
  for (const [name, bytes] of files) {
    if (/\.(js|css|svg)$/.test(name)) console.log(`${(gzipSync(bytes).length / 1024).toFixed(1).padStart(7)} KB gzipped  ${name}`);
  }
}

async function build() {
  const [script, images, own, ...sheets] = await Promise.all([scripts(), drawings(), household(), ...SHEETS.map(sheet)]);
  const files = new Map(script.files);
  const names = {};
  if (script.main) names["app.js"] = script.main;
  for (const [name, bytes] of [...sheets, own, ...images]) {
    names[name] = hashed(name, bytes);
    files.set(names[name], bytes);
  }
  files.set("manifest.webmanifest", await manifest(names));
  const source = await readFile(join(here, "src/sw.ts"), "utf8").catch(() => "");
  const stamp = short([...files].sort().map(([name, bytes]) => name + short(bytes)).join("\n") + source);
  // What a page needs with no signal: styles, script with all its parts, the sheet of icons. Not the home-screen pictures.
  // The wall and its map are of no use without the office, and no officer's phone is to load them.
  const kept = (name) => !/^(wall|map)\b/.test(name);
  const precache = [...[...script.files.keys(), ...sheets.map(([name]) => names[name])].filter(kept), names["icons.svg"], names["icon.svg"]];
  const sw = await worker(stamp, precache.filter(Boolean).map((name) => `/static/${name}`), `/static/${names["icon-192.png"]}`);
  if (sw) files.set("sw.js", sw);
  files.set("assets.json", Buffer.from(JSON.stringify({ ...names, build: stamp }, null, 1)));
  await put(files);
  report(files);
}

await build();
