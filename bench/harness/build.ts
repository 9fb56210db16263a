/**
 * Makes modules that all three runtimes run, as whoever ships a service would: one file of a candidate and Holdfast, and
 * packages from where npm puts them.
 *
 * @module
 */

import { build } from "esbuild";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import process from "node:process";
import { developmentCertificate } from "../../compiler/certificate.ts";
import { ROOT } from "../../tests/runtimes.ts";
import { type CandidateInfo, CANDIDATES } from "./candidates.ts";
import type { Program } from "./worker_process.ts";

/** Beside `bench/node_modules`, so that packages are found. */
const FOLDER = join(ROOT, "bench", "dist");

/** What has been built. */
export interface Built extends Disposable {
  /** What a worker runs for a candidate. */
  program(candidate: string): Pick<Program, "worker" | "candidate" | "certificates">;
  /** Builds another module, which may use packages of the bench; `file` is from `bench/`. Gives back its path. */
  module(file: string): Promise<string>;
}

/** A tree of Holdfast's sources. */
export interface Revision {
  /** What the names of its candidates end in. */
  readonly suffix: string;
  /** The folder of its `mod.ts`. */
  readonly root: string;
}

/** The sources as they lie here. */
export const HERE: Revision = { suffix: "", root: ROOT };

/**
 * Builds the workers and some candidates.
 *
 * @param names The candidates.
 * @param revisions Of which sources those that are Holdfast's are built.
 */
export async function buildAll(names: readonly string[], revisions: readonly Revision[] = [HERE]): Promise<Built> {
  mkdirSync(FOLDER, { recursive: true });
  const folder = mkdtempSync(join(FOLDER, "run-"));
  // Also where the bench is broken off.
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  const certificates = join(folder, "certificates.json");
  writeFileSync(certificates, JSON.stringify(await developmentCertificate()), { mode: 0o600 });
  const paths = new Map<string, string>();
  const bundle = async (file: string, packages: "bundle" | "external", { root, suffix } = HERE) => {
    const path = join(folder, `${basename(file, ".ts")}${suffix}.mjs`);
    await build({
      absWorkingDir: ROOT,
      entryPoints: [join("bench", file)],
      outfile: path,
      bundle: true,
      packages,
      format: "esm",
      platform: "node",
      // Some packages have their ES modules here, and in "main" what no bundler can follow.
      mainFields: ["module", "main"],
      target: "node20",
      alias: { holdfast: join(root, "mod.ts") },
      logLevel: "warning",
    });
    return path;
  };
  const add = async ({ name, file }: CandidateInfo, revision = HERE) => {
    paths.set(`${name}${revision.suffix}`, await bundle(file, isPeer(file) ? "external" : "bundle", revision));
  };
  const worker = await bundle("worker.ts", "bundle");
  const chosen = CANDIDATES.filter(({ name }) => names.includes(name));
  await Promise.all(
    chosen.flatMap((candidate) =>
      isHoldfast(candidate.name) ? revisions.map((revision) => add(candidate, revision)) : [add(candidate)]
    ),
  );
  return {
    program: (candidate) => ({ worker, candidate: paths.get(candidate)!, certificates }),
    module: (file) => bundle(file, "external"),
    [Symbol.dispose]: remove,
  };
}

/** Whether it is Holdfast, used in one way or another. */
export function isHoldfast(name: string): boolean {
  return name.startsWith("holdfast");
}

/** Whether it needs packages. */
export function isPeer(file: string): boolean {
  return file.startsWith("peers/");
}
