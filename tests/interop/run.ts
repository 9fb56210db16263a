/**
 * `deno task interop [--release RELEASE] [FILE…]`: installs DIRAC, and runs the tests that need it, those of this
 * folder unless files are given, on Deno, and those of Holdfast's own side on Bun, too. What can't be had here is said by
 * name, and its tests are skipped. With `--measure` it measures instead (`--out FILE`).
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import process from "node:process";
import { parseArgs } from "node:util";
import { BUN, DENO, ROOT } from "../runtimes.ts";
import { INSTALLED_RELEASES } from "./installed.ts";
import { measure } from "./measure/run.ts";
import { install, type Installed, RELEASES } from "./setup.ts";

/** The tests that have a client or a service of Holdfast's in their own process. */
const OURS = ["tests/interop/holdfast_client_test.ts"];

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { release: { type: "string" }, measure: { type: "boolean" }, out: { type: "string" } },
});
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
if (values.measure === true) {
  // The last one is enough, unless another is asked for.
  const pythons = Object.entries(installed).slice(-1).flatMap(([release, one]) =>
    "python" in one ? [[release, one.python]] : []
  );
  await measure(Object.fromEntries(pythons), values.out);
  process.exit();
}
const env = { ...process.env, [INSTALLED_RELEASES]: JSON.stringify(installed) };
/** On Bun what is ours runs too: X.509 proxies are something that Deno's TLS has no part in. */
const files = positionals.length > 0 ? positionals : ["tests/interop"];
const ours = positionals.length > 0 ? positionals : OURS;
const deno = spawnSync(DENO ?? "deno", ["test", "-A", "--no-check", ...files], { cwd: ROOT, env, stdio: "inherit" });
const bun = spawnSync(BUN, ["test", "--timeout", "60000", ...ours.map((file) => `./${file}`)], {
  cwd: ROOT,
  env,
  stdio: "inherit",
});
process.exitCode = (deno.status ?? 1) || (bun.status ?? 1);
