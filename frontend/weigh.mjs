// What a first visit loads, in bytes as they travel: the entry, what it imports at once, and the style sheet. What is
// loaded when somebody opens an editor is told beside it.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const FOLDER = new URL("../campaigns/static/canvas/", import.meta.url);
const IMPORTED = /\b(?:import|export)\b[^"'();]*?["']\.\/([^"']+)["']/g;
const most = Number(process.argv[2]);

const read = (name) => readFileSync(new URL(name, FOLDER));
const weight = (names) => names.reduce((sum, name) => sum + gzipSync(read(name), { level: 9 }).length, 0);

const first = new Set(["canvas.js"]);
for (const name of first) {
  for (const [, imported] of read(name).toString().matchAll(IMPORTED)) first.add(imported);
}
first.add("canvas.css");
const later = readdirSync(FOLDER).filter((name) => !first.has(name));

const bytes = weight([...first]);
console.log(`A first visit to the canvas loads ${bytes} bytes, compressed; ${weight(later)} more are loaded when they are needed.`);
if (bytes > most) {
  console.error(`That is more than ${most}.`);
  process.exit(1);
}
