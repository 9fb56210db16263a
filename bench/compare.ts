/**
 * A guard against getting slower: this tree's Holdfast and another revision's, in one run.
 *
 * @module
 */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { DENO, ROOT } from "../tests/runtimes.ts";
import { type Arguments, BadUsage } from "./arguments.ts";
import type { Laboratory } from "./experiments/experiment.ts";
import { buildAll, HERE, isHoldfast } from "./harness/build.ts";
import { metricNamed } from "./harness/metrics.ts";
import { ratioOf, type Samples } from "./harness/samples.ts";
import { ratioText } from "./report/goals.ts";
import { measuredMetrics, table } from "./report/table.ts";

/** What the candidates of the other revision end in. */
const SUFFIX = "@other";

/** Another revision's sources, in a folder of their own. */
class Worktree implements Disposable {
  readonly root: string;
  readonly #folder: string;

  constructor(revision: string) {
    this.#folder = mkdtempSync(join(tmpdir(), "holdfast-bench-"));
    this.root = join(this.#folder, "tree");
    // Also where the bench is broken off.
    process.once("exit", () => this[Symbol.dispose]());
    try {
      git("worktree", "add", "--detach", this.root, revision);
      const [here, there] = [dependencies(ROOT), dependencies(this.root)];
      const missing = Object.keys(there).filter((name) => here[name] !== there[name]);
      if (missing.length === 0) symlinkSync(join(ROOT, "node_modules"), join(this.root, "node_modules"));
      else execFileSync(DENO!, ["install", "--quiet"], { cwd: this.root, stdio: "inherit" });
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
    git("worktree", "prune");
  }
}

function git(...args: readonly string[]): void {
  try {
    execFileSync("git", args, { cwd: ROOT, stdio: ["ignore", "ignore", "pipe"] });
  } catch (error) {
    throw new BadUsage(`git ${args.join(" ")}: ${(error as { stderr?: unknown }).stderr ?? error}`);
  }
}

/** What a tree depends on: versions by name. */
function dependencies(root: string): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(join(root, "package.json"), "utf8")).dependencies;
}

/**
 * Compares.
 *
 * @param options `against` says with what.
 * @param measure Runs the experiments.
 * @returns 1 where this tree is slower than the threshold allows, beyond what the rounds differ by; else 0.
 */
export async function compare(
  options: Arguments,
  measure: (options: Arguments, subject: Pick<Laboratory, "built" | "candidates">) => Promise<Samples>,
): Promise<number> {
  using tree = new Worktree(options.against!);
  const own = options.candidates.filter(isHoldfast);
  if (own.length === 0) throw new BadUsage("Only Holdfast has revisions: leave --candidate out.");
  using built = await buildAll(own, [HERE, { suffix: SUFFIX, root: tree.root }]);
  const samples = await measure(options, { built, candidates: own.flatMap((name) => [name, `${name}${SUFFIX}`]) });
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(samples.rows())}\n`);
  return judge(samples, options);
}

function judge(samples: Samples, { against, threshold }: Arguments): number {
  const rows = samples.rows();
  let slower = 0;
  const cells = measuredMetrics(rows).flatMap((metric) => {
    const { better } = metricNamed(metric)!;
    return rows.filter((row) => row.metric === metric && !row.candidate.endsWith(SUFFIX)).flatMap((row) => {
      const other = samples.row(metric, row.runtime, `${row.candidate}${SUFFIX}`);
      // Above 1 is better, whatever is measured.
      const ratio = other && (better === "more" ? ratioOf(row, other) : ratioOf(other, row));
      if (ratio === undefined) return [];
      // Three quarters of the rounds must say so: one slow round is the machine's.
      const isSlower = ratio.value < threshold && ratio.high < 1;
      if (isSlower) slower++;
      return [[metric, row.runtime, row.candidate, ratioText(ratio), isSlower ? "SLOWER" : ""]];
    });
  });
  console.log(table(["metric", "runtime", "candidate", `this tree against ${against}`, ""], cells));
  for (const { candidate, runtime, why } of samples.failures) console.log(`${candidate} on ${runtime} failed: ${why}`);
  const hasFailed = samples.failures.length > 0;
  console.log(slower === 0 ? "Nothing is slower." : `${slower} slower than ${threshold} times ${against}.`);
  return slower > 0 || hasFailed ? 1 : 0;
}
