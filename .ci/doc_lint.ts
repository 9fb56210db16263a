/**
 * Checks that everything public is documented, of Holdfast and of its plugin: `deno doc --lint`, less what it says of
 * other people's packages, into which it follows the re-exports, and of what the compiler makes up around what a `.msg`
 * file says.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = resolve(fileURLToPath(new URL("..", import.meta.url)));
const { status, stderr } = spawnSync(process.execPath, ["doc", "--lint", "mod.ts", "compiler/plugin/plugin.ts"], {
  cwd: root,
  encoding: "utf8",
  env: { ...process.env, NO_COLOR: "1" },
});

const complaints = stderr.split(/^(?=error\[)/m).filter((text) => text.startsWith("error["));
const own = complaints.filter((text) => !isOthers(text) && !isMadeUp(text));
// Each ends with notes on the whole, the last one with the count of all.
for (const text of own) console.error(text.replace(/^error: Found[^]*/m, "").trimEnd());

if (status !== 0 && complaints.length === 0) console.error(stderr);
else console.log(own.length === 0 ? "Everything public is documented." : `\n${own.length} to mend.`);
process.exitCode = own.length > 0 || (status !== 0 && complaints.length === 0) ? 1 : 0;

/** Whether it is about the directions of a service's types: there is nothing in a `.msg` file to be said of them. */
function isMadeUp(complaint: string): boolean {
  return /^ *--> .+\.msg\.ts:\d+:\d+$/m.test(complaint) && /^\d+ \| +(connect|receives|sends): \{/m.test(complaint);
}

/** Whether it is about a package's code, or about a package's type that ours is made of. */
function isOthers(complaint: string): boolean {
  const [, path = ""] = /^ *--> (.+):\d+:\d+$/m.exec(complaint) ?? [];
  if (/[\\/]node_modules[\\/]/.test(path)) return true;
  const [, type] = /references private type '(\w+)'/.exec(complaint) ?? [];
  if (type === undefined) return false;
  return new RegExp(`^import [^;]*\\b${type}\\b[^;]* from "[^."]`, "m").test(readFileSync(path, "utf8"));
}
