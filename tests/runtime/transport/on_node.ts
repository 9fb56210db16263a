/**
 * Node 20 does not know TypeScript: what is to run there is bundled first.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ROOT } from "../../runtimes.ts";

/**
 * Bundles a file for Node.
 *
 * @param entry The file, relative to the root.
 * @returns The bundle; it is the only file in its folder, which the caller removes.
 * @throws {Error} When it can't be bundled.
 */
export function bundle(entry: string): { readonly file: string; readonly folder: string } {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-node-"));
  const file = join(folder, "bundle.mjs");
  const args = [
    entry,
    "--bundle",
    "--platform=node",
    "--format=esm",
    "--main-fields=module,main",
    "--log-level=warning",
    `--outfile=${file}`,
  ];
  // What is written as CommonJS asks for Node's modules in Node's old way.
  args.push("--banner:js=import{createRequire}from'node:module';const require=createRequire(import.meta.url);");
  const { status, stderr } = spawnSync(resolve(ROOT, "node_modules/.bin/esbuild"), args, {
    cwd: ROOT,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${entry} can't be bundled:\n${stderr}`);
  return { file, folder };
}
