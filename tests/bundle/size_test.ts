import { build } from "esbuild";
import assert from "node:assert/strict";
import { test } from "node:test";
import { ROOT } from "../runtimes.ts";

/** A program that serves and connects, bundled as docs/builds.md says. */
async function bundled() {
  const { metafile, outputFiles } = await build({
    absWorkingDir: ROOT,
    stdin: { contents: `export { connect, parse, serve } from "./mod.ts";`, resolveDir: ROOT },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    mainFields: ["module", "main"],
    metafile: true,
    write: false,
  });
  return { text: outputFiles[0]!.text, output: Object.values(metafile.outputs)[0]! };
}

test("a bundled program has no character beyond Latin-1, comments included: V8 would keep all of it at twice the size", async () => {
  const { text } = await bundled();
  // deno-lint-ignore no-control-regex
  assert.deepEqual(text.split("\n").filter((line) => /[^\x00-\xff]/.test(line)), []);
});

test("a bundled program has of TypeBox what Holdfast uses, which is less than a third", async () => {
  const { output } = await bundled();
  const size = Object.entries(output.inputs).reduce(
    (sum, [path, { bytesInOutput }]) => path.includes("/typebox/") ? sum + bytesInOutput : sum,
    0,
  );
  assert.ok(size > 0 && size < 75_000, `${size} bytes`);
});
