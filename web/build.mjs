// Bundles the client into dist/: index.html plus hashed files under dist/assets/.
import { build } from "esbuild";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";

await rm("dist/assets", { recursive: true, force: true });
await rm("dist/index.html", { force: true });
await mkdir("dist", { recursive: true });

const entries = ["src/main.ts", "src/style.css", "src/icon.svg"];
const { metafile } = await build({
  entryPoints: entries,
  outdir: "dist/assets",
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  sourcemap: false,
  format: "esm",
  target: "es2022",
  loader: { ".svg": "copy" },
  metafile: true,
  logLevel: "warning",
});

const outputs = Object.entries(metafile.outputs);
let html = await readFile("index.html", "utf8");
for (const entry of entries) {
  const found = outputs.find(([, o]) => o.entryPoint === entry || (entry.endsWith(".svg") && entry in o.inputs));
  if (!found) throw new Error(`no output for ${entry}`);
  if (!html.includes(`/${entry}`)) throw new Error(`index.html does not use /${entry}`);
  html = html.replace(`/${entry}`, `/assets/${basename(found[0])}`);
}
await writeFile("dist/index.html", html);

for (const [file, { bytes }] of outputs) console.log(`${file}  ${(bytes / 1024).toFixed(1)} KiB`);
