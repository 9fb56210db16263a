/**
 * Makes `parser.js` and `parser.d.ts` from `grammar.peggy`.
 *
 * Run it as `deno task gen`; with `--check` it writes nothing and fails if what is there is stale.
 *
 * @module
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

// A package without types for this part, so not imported.
const { PeggyCLI } = createRequire(import.meta.url)("peggy/bin/peggy-cli.js");

const GRAMMAR = fileURLToPath(new URL("grammar.peggy", import.meta.url));
const FILES: readonly string[] = ["parser.js", "parser.d.ts"];
const RESULTS = {
  Declarations: 'import("./syntax.ts").DeclarationNode[]',
  Single: 'import("./syntax.ts").DeclarationNode',
};

/**
 * Makes the parser's files from the grammar.
 *
 * @returns Their texts, by name.
 */
export async function generate(): Promise<Map<string, string>> {
  const directory = mkdtempSync(join(tmpdir(), "holdfast-gen-"));
  try {
    // Peggy writes declarations of types through its command line only.
    const arguments_ = ["--format", "es", "--dts", "--return-types", JSON.stringify(RESULTS)];
    arguments_.push("--allowed-start-rules", Object.keys(RESULTS).join());
    const command = new PeggyCLI().exitOverride();
    await command.parseAsync([...arguments_, "--output", join(directory, "parser.js"), GRAMMAR], { from: "user" });
    await command.main();
    return new Map(FILES.map((name) => [name, readFileSync(join(directory, name), "utf8")]));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

if (import.meta.main) {
  const check = process.argv.includes("--check");
  for (const [name, text] of await generate()) {
    const path = fileURLToPath(new URL(name, import.meta.url));
    if (!check) writeFileSync(path, text);
    else if (readFileSync(path, "utf8") !== text) {
      console.error(`idl/${name} is stale: run \`deno task gen\`.`);
      process.exitCode = 1;
    }
  }
}
