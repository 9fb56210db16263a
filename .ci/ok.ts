/**
 * The one gate: `deno task ok`. Runs every step, also after one has failed, and says at the end which did.
 * `--without-tests` leaves out the last one, for who runs the tests by themselves.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const ROOT = resolve(fileURLToPath(new URL("..", import.meta.url)));
const DENO = process.execPath;
const SOURCES = ["mod.ts", "idl", "compiler", "runtime", "examples", "tests", ".ci"];
// The rest of bench/ needs packages that only the bench installs.
const BENCH_SOURCES = ["bench/run.ts", "bench/worker.ts", "bench/parse.ts", "bench/candidates"];
const TSC = "node_modules/.bin/tsc";

/** A command that leaves with 0 when all is well. */
interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

const STEPS: readonly Step[] = [
  { name: "lock file", command: [DENO, "run", "-A", ".ci/lock_check.ts"] },
  { name: "format", command: ["node_modules/.bin/dprint", "check"] },
  { name: "lint", command: [DENO, "lint", "--quiet"] },
  { name: "types, as Deno sees them", command: [DENO, "check", "--quiet", ...SOURCES, ...BENCH_SOURCES] },
  { name: "types, as TypeScript 7 sees them", command: [TSC, "--project", "."] },
  { name: "types of the bench", command: [TSC, "--project", "bench"] },
  ...existsSync(resolve(ROOT, "bench/node_modules"))
    ? [{ name: "types of the bench's peers", command: [TSC, "--project", "bench/peers"] } as const]
    : [],
  ...existsSync(resolve(ROOT, "docs/node_modules"))
    ? [{ name: "types of the site", command: [TSC, "--project", "docs/.vitepress"] } as const]
    : [],
  {
    name: "format of .msg files",
    command: [DENO, "run", "-A", "compiler/cli.ts", "fmt", "--check", "examples", "runtime"],
  },
  { name: "parser is fresh", command: [DENO, "run", "-A", "idl/gen.ts", "--check"] },
  {
    name: "generated examples are fresh",
    command: [DENO, "run", "-A", "compiler/cli.ts", "compile", "--check", "examples"],
  },
  {
    name: "the monitor's definition is fresh",
    command: [
      ...[DENO, "run", "-A", "compiler/cli.ts", "compile", "--check", "runtime/monitoring"] as const,
      ...["--import", "./runtime/monitoring/holdfast.ts"],
    ],
  },
  { name: "documentation", command: [DENO, "run", "-A", ".ci/doc_lint.ts"] },
  { name: "what JSR takes", command: [DENO, "publish", "--dry-run", "--allow-dirty", "--quiet"] },
];

const TESTS: Step = { name: "tests", command: [DENO, "run", "-A", "tests/run.ts"] };

function passes({ name, command: [command, ...args] }: Step): boolean {
  console.log(`\n=== ${name} ===`);
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: "inherit" });
  if (error !== undefined) console.error(error.message);
  return status === 0;
}

const steps = process.argv.includes("--without-tests") ? STEPS : [...STEPS, TESTS];
const failed = steps.filter((step) => !passes(step));
console.log("\n=== gate ===");
for (const step of steps) console.log(`${failed.includes(step) ? "FAILED" : "ok    "} ${step.name}`);
process.exitCode = failed.length > 0 ? 1 : 0;
