/**
 * Checks that everything public is documented: `deno doc --lint mod.ts`, less what it says of other people's packages,
 * into which it follows the re-exports.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = resolve(fileURLToPath(new URL("..", import.meta.url)));
const { status, stderr } = spawnSync(process.execPath, ["doc", "--lint", "mod.ts"], {
  cwd: root,
  encoding: "utf8",
  env: { ...process.env, NO_COLOR: "1" },
});

const complaints = stderr.split(/^(?=error\[)/m).filter((text) => text.startsWith("error["));
// Each ends with notes on the whole, the last one with the count of all.
const own = complaints.filter((text) => !/^ *--> .*[\\/]node_modules[\\/]/m.test(text));
for (const text of own) console.error(text.replace(/^error: Found[^]*/m, "").trimEnd());

if (status !== 0 && complaints.length === 0) console.error(stderr);
else console.log(own.length === 0 ? "Everything public is documented." : `\n${own.length} to mend.`);
process.exitCode = own.length > 0 || (status !== 0 && complaints.length === 0) ? 1 : 0;
