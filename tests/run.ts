/**
 * Runs the tests on Deno and on Bun, one after the other, and adds up what came out:
 * `deno task test [FILE or FOLDER…]`. The last line says how many passed, failed and were skipped on both together.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import process from "node:process";
import { judge } from "./run/report.ts";
import type { Result } from "./run/report.ts";
import { UNCAUGHT_FILE } from "./run/uncaught.ts";
import { BUN, DENO, DENO_PATH, ROOT } from "./runtimes.ts";

/** A runtime that says nothing for so many minutes is ended: a test hangs. All of them may take as long as they take. */
const PATIENCE_MINUTES = 10;

/** Bun ends a test after 5 seconds by itself; starting processes takes longer on a busy machine. In milliseconds. */
const BUN_TEST_TIMEOUT = 120_000;

/** A way to run test files that leaves a JUnit report behind. */
interface Runner {
  readonly name: string;
  readonly command: string;
  /** The arguments: where to put the report, and what to run. */
  readonly args: (report: string, files: readonly string[]) => readonly string[];
}

const RUNNERS: readonly Runner[] = [
  {
    name: "Deno",
    command: DENO ?? "deno",
    args: (report, files) => [
      ...["test", "-A", "--no-check", "--preload", "tests/run/uncaught.ts", `--junit-path=${report}`],
      ...files,
    ],
  },
  {
    name: "Bun",
    command: BUN,
    args: (report, files) => [
      ...["test", `--timeout=${BUN_TEST_TIMEOUT}`, "--reporter=junit", `--reporter-outfile=${report}`],
      ...files.map((file) => `./${file}`),
    ],
  },
];

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const missing = args.filter((path) => !existsSync(path));
  if (missing.length > 0) {
    console.error(`There is no ${missing.join(", no ")}. Give test files or folders, or nothing to run all tests.`);
    return 2;
  }
  const files = findTests(args.length > 0 ? args : [join(ROOT, "tests")]);
  if (files.length === 0) {
    console.error("There is no test in that: the names of test files end in _test.ts.");
    return 2;
  }
  const results: Result[] = [];
  for (const runner of RUNNERS) {
    console.log(`\n=== ${runner.name} ===`);
    results.push(await run(runner, files));
  }
  return summarize(results) ? 0 : 1;
}

/** Paths relative to the root, sorted, with `/` on every system. */
function findTests(paths: readonly string[]): readonly string[] {
  const found = paths.flatMap((path) => {
    if (!statSync(path).isDirectory()) return [path];
    const inside = readdirSync(path, { recursive: true, encoding: "utf8" });
    return inside.filter((name) => name.endsWith("_test.ts")).map((name) => join(path, name));
  });
  return [...new Set(found.map((path) => relative(ROOT, resolve(path)).replaceAll("\\", "/")))].sort();
}

async function run(runner: Runner, files: readonly string[]): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-test-"));
  const report = join(folder, "report.xml");
  const uncaught = join(folder, "uncaught.jsonl");
  try {
    let output = "";
    let errors = "";
    const code = await new Promise<number | null>((done, failed) => {
      const env = { ...process.env, [UNCAUGHT_FILE]: uncaught, [DENO_PATH]: DENO };
      const args = runner.args(report, files);
      const child = spawn(runner.command, args, { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
      let heardAt = performance.now();
      const watchdog = setInterval(() => {
        if (performance.now() - heardAt > PATIENCE_MINUTES * 60_000) child.kill("SIGKILL");
      }, 10_000);
      let leftovers: ReturnType<typeof setTimeout> | undefined;
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        heardAt = performance.now();
        output += text;
        process.stdout.write(text);
      });
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        heardAt = performance.now();
        errors += text;
        process.stderr.write(text);
      });
      child.on("error", (error) => {
        clearInterval(watchdog);
        failed(error);
      });
      child.on("exit", (code) => {
        clearInterval(watchdog);
        // Its last words are still on their way; but what a test left running may hold the stream open for ever.
        leftovers = setTimeout(() => {
          child.stdout.destroy();
          child.stderr.destroy();
          done(code);
        }, 5_000);
      });
      child.on("close", (code) => {
        clearTimeout(leftovers);
        done(code);
      });
    });
    return judge({
      files,
      code,
      output,
      errors,
      report: existsSync(report) ? readFileSync(report, "utf8") : undefined,
      uncaught: existsSync(uncaught) ? readLines(uncaught) : [],
    });
  } catch (error) {
    return { cases: [], faults: [error instanceof Error ? error.message : String(error)] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readLines(path: string): readonly string[] {
  return readFileSync(path, "utf8").trimEnd().split("\n").map((line) => String(JSON.parse(line)));
}

function summarize(results: readonly Result[]): boolean {
  console.log("\n=== Summary ===");
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const [index, { cases, faults }] of results.entries()) {
    const name = RUNNERS[index]?.name ?? "";
    for (const one of cases) {
      total[one.outcome]++;
      if (one.outcome !== "passed") console.log(`${one.outcome} on ${name}: ${one.file} ${one.name}`);
    }
    for (const fault of faults) console.log(`failed on ${name}: ${fault}`);
    total.failed += faults.length;
    const passed = cases.filter((one) => one.outcome === "passed").length;
    console.log(`${name}: ${passed} of ${cases.length} passed`);
  }
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
  console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
  return total.failed === 0;
}
