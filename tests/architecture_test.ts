import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { cyclesOf, importsOf, readTree } from "./architecture/tree.ts";
import { WALLS } from "./architecture/walls.ts";
import { ROOT } from "./runtimes.ts";

const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
const dependencies: ReadonlySet<string> = new Set(Object.keys(manifest.dependencies));

describe("the source tree", () => {
  const tree = readTree(ROOT);
  for (const { name, breaches } of WALLS) {
    test(name, () => assert.deepEqual(breaches(tree, dependencies), []));
  }
});

/** For each wall, a tree that breaks it. */
const BROKEN: { readonly [wall: string]: { readonly [path: string]: string } } = {
  "idl/ imports nothing outside itself": { "idl/check.ts": 'import { A } from "../runtime/errors.ts";' },
  "runtime/ knows of idl/ neither parser nor checker": {
    "runtime/server.ts": 'export { parse } from "../idl/mod.ts";',
  },
  "compiler/ stands on idl/; only its commands use Holdfast too": {
    "compiler/printer.ts": 'import { A } from "../runtime/errors.ts";',
  },
  "compiler/ uses Holdfast in its commands only": { "compiler/printer.ts": 'import { A } from "../mod.ts";' },
  "runtime/ stands on idl/ and itself": { "runtime/client.ts": 'import type { A } from "../compiler/printer.ts";' },
  "shipped code imports no tests, examples, measurements or tools": {
    "mod.ts": 'export { A } from "./examples/pingpong/pingpong.msg.ts";',
  },
  "nothing shipped imports compiler/": { "mod.ts": 'export { compile } from "./compiler/typebox.ts";' },
  "the small files stand on each other only": { "runtime/queue.ts": 'import { A } from "./wire/wire.ts";' },
  "wires and sessions know no transport": {
    "runtime/session/session.ts": 'import type {\n  Stream,\n} from "../transport/transport.ts";',
  },
  "wires know no session": { "runtime/wire/wire.ts": 'import { A } from "../session/session.ts";' },
  "transports know no wire and no session": {
    "runtime/transport/bun.ts": 'const a = await import("../wire/native/codec.ts");',
  },
  "wires, sessions and transports know nothing above them": {
    "runtime/transport/deno.ts": 'import { A } from "../connection.ts";',
  },
  "what the wires share knows neither": {
    "runtime/wire/values/budget.ts": 'import type { A } from "../native/reader.ts";',
  },
  "the native wire doesn't import the other": {
    "runtime/wire/native/decoder.ts": 'import { A } from "../diset/decoder.ts";',
  },
  "the original's wire doesn't import the other": {
    "runtime/wire/diset/decoder.ts": 'import { A } from "../native/decoder.ts";',
  },
  "only server, client and describe choose a transport": {
    "runtime/connection.ts": 'import { A } from "./transport/memory.ts";',
  },
  "a folder's mod.ts is for those outside the folder": { "idl/checks/names.ts": 'import "../mod.ts";' },
  "no import cycles": {
    "runtime/dispatch.ts": 'import { A } from "./credentials.ts";',
    "runtime/credentials.ts": 'import type { B } from "./dispatch.ts";',
  },
  "imports name a file with its ending, or a package by its bare name": {
    "idl/parse.ts": 'import { A } from "npm:typebox";',
  },
  "shipped code imports only packages that users get too": {
    "compiler/printer.ts": 'import { A } from "@rgrove/parse-xml/errors";',
  },
  "mod.ts lists every name": { "mod.ts": 'export * from "./runtime/errors.ts";' },
  "300 lines a file at the most, 400 in tests": { "runtime/server.ts": "//\n".repeat(301) },
  "files and folders are named in snake_case": { "runtime/tlsErrors.ts": "" },
  "runtime/ has no variables at module level": { "runtime/server.ts": "export let network: unknown;" },
  "tests are skipped by an option, as Deno counts one that skips itself as passed": {
    "tests/a_test.ts": 'test("a", (t) => {\n  t.skip("no");\n});',
  },
};

describe("a wall falls when it is broken:", () => {
  for (const { name, breaches } of WALLS) {
    test(name, () => {
      const broken = new Map(Object.entries(BROKEN[name] ?? {}));
      assert.equal(breaches(broken, dependencies).length, 1);
    });
  }
});

test("importsOf sees every form of import, and none in comments", () => {
  const text = [
    'import a from "./a.ts";',
    'import type { B } from "./b.ts";',
    "import {",
    "  c,",
    '} from "./c.ts";',
    'export { d } from "./d.ts";',
    'import "./e.ts";',
    'export * from "./f.ts";',
    'const g = await import("./g.ts");',
    ' * import { h } from "./h.ts";',
    '// import { i } from "./i.ts";',
    'export const j = "from \\"./j.ts\\"";',
  ].join("\n");
  const found = importsOf(new Map([["x/y.ts", text]])).map(({ to }) => to).sort();
  assert.deepEqual(found, ["a", "b", "c", "d", "e", "f", "g"].map((name) => `x/${name}.ts`));
});

test("cyclesOf finds a cycle of three, and none in a diamond", () => {
  const tree = (imports: { readonly [path: string]: readonly string[] }) =>
    new Map(Object.entries(imports).map(([path, to]) => [path, to.map((name) => `import "./${name}";\n`).join("")]));
  assert.deepEqual(cyclesOf(tree({ "a.ts": ["b.ts"], "b.ts": ["c.ts"], "c.ts": ["a.ts"] })), [
    ["a.ts", "b.ts", "c.ts", "a.ts"],
  ]);
  assert.deepEqual(cyclesOf(tree({ "a.ts": ["b.ts", "c.ts"], "b.ts": ["d.ts"], "c.ts": ["d.ts"], "d.ts": [] })), []);
});
