/**
 * The runtimes that are measured.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { BUN, DENO, NODE } from "../../tests/runtimes.ts";

/** A runtime's name, as it stands in the results. */
export type RuntimeName = "deno" | "bun" | "node";

/** A runtime. */
export interface Runtime {
  readonly name: RuntimeName;
  /** The command that runs a module, without the module; with flags for V8, where that is what runs. */
  command(v8Flags: readonly string[]): readonly [string, ...string[]];
}

// Deno finds packages as the others do: the modules it runs are made by the bench, and no configuration is theirs.
const DENO_OPTIONS = ["run", "-A", "--quiet", "--no-config", "--no-lock", "--node-modules-dir=manual"];

const EXPOSE_GC = "--expose-gc";

const deno: Runtime = {
  name: "deno",
  command: (flags) => [DENO!, ...DENO_OPTIONS, `--v8-flags=${[EXPOSE_GC, ...flags].join()}`],
};

const bun: Runtime = { name: "bun", command: () => [BUN] };

const node: Runtime = { name: "node", command: (flags) => [NODE!, EXPOSE_GC, ...flags] };

/** The runtimes that are there. */
export const RUNTIMES: readonly Runtime[] = [
  ...DENO === undefined ? [] : [deno],
  bun,
  ...NODE === undefined ? [] : [node],
];

/** Whether it runs on V8. */
export function isV8({ name }: Runtime): boolean {
  return name !== "bun";
}

/** A runtime's version. */
export function versionOf(runtime: Runtime): string {
  const [executable] = runtime.command([]);
  const { stdout } = spawnSync(executable, ["--version"], { encoding: "utf8" });
  return /\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? "unknown";
}
