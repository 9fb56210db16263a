/**
 * `deno task interop [--release RELEASE] [FILE…]`: installs DIRAC, and runs the tests that need it, those of this
 * folder unless files are given. What can't be had here is said by name, and its tests are skipped.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import process from "node:process";
import { parseArgs } from "node:util";
import { DENO, ROOT } from "../runtimes.ts";
import { INSTALLED_RELEASES } from "./installed.ts";
import { install, type Installed, RELEASES } from "./setup.ts";

const { positionals, values } = parseArgs({ allowPositionals: true, options: { release: { type: "string" } } });
const releases = RELEASES.filter((release) => values.release === undefined || release === values.release);
if (releases.length === 0) {
  console.error(
    `There is no DIRAC ${values.release} here. Give --release ${RELEASES.join(" or ")}, or nothing for both.`,
  );
  process.exit(2);
}
const installed: Record<string, Installed> = {};
for (const release of releases) {
  const one = await install(release);
  installed[release] = one;
  console.log(`DIRAC ${release}: ${"python" in one ? "installed" : `skipped, as there is no ${one.missing}`}`);
}
const files = positionals.length > 0 ? positionals : ["tests/interop"];
const { status } = spawnSync(DENO ?? "deno", ["test", "-A", "--no-check", ...files], {
  cwd: ROOT,
  env: { ...process.env, [INSTALLED_RELEASES]: JSON.stringify(installed) },
  stdio: "inherit",
});
process.exitCode = status ?? 1;
