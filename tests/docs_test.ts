import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import process from "node:process";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { readTree } from "./architecture/tree.ts";
import { blocksOf, examplesOf } from "./docs/blocks.ts";
import type { Block } from "./docs/blocks.ts";
import { DENO, ROOT } from "./runtimes.ts";

const DENO_VERSION = "2.9.6";
const CLI = join(ROOT, "compiler/cli.ts");
const IS_DENO = "deno" in process.versions;
const execute = promisify(execFile);

const documents = ["README.md", ...readdirSync(join(ROOT, "docs")).map((name) => `docs/${name}`)]
  .filter((path) => path.endsWith(".md") && existsSync(join(ROOT, path)))
  // It is run as a whole, by `docs/tutorial_test.ts`.
  .filter((path) => path !== "docs/tutorial.md");
const blocks: readonly Block[] = [
  ...[...readTree(ROOT)]
    .filter(([path]) => /^(mod\.ts$|idl\/|runtime\/|compiler\/)/.test(path))
    .flatMap(([path, text]) => examplesOf(path, text)),
  ...documents.flatMap((path) => blocksOf(path, readFileSync(join(ROOT, path), "utf8"))),
];
const isFileName = (info: string) => /^\w+(\.\w+)+$/.test(info);
const marked = (language: string, info: string) =>
  blocks.filter((block) => block.language === language && block.info === info);

// Within the project, so that "holdfast" is found as in a user's project: Deno by deno.json, Bun by package.json.
mkdirSync(join(ROOT, "dist"), { recursive: true });
const folder = mkdtempSync(join(ROOT, "dist", "docs-"));
after(() => rmSync(folder, { recursive: true }));

/** Runs a script on the runtime that runs the tests; gives back what it wrote to standard error. */
async function run(script: string, ...args: readonly string[]): Promise<string> {
  const options = IS_DENO ? ["run", "-A", "--no-check", "--quiet"] : ["run"];
  const { stderr } = await execute(process.execPath, [...options, script, ...args], { cwd: folder, timeout: 60_000 });
  return stderr;
}

// What the documents tell their readers to make first.
before(async () => {
  const files = blocks.filter(({ info }) => isFileName(info));
  for (const { info, text } of files) writeFileSync(join(folder, info), text);
  const definitions = files.map(({ info }) => info).filter((name) => name.endsWith(".msg"));
  await run(CLI, "cert", "--out", ".");
  if (definitions.length > 0) await run(CLI, "compile", ...definitions);
});

/** Writes a block to a file of its own, named so that an error message leads back to the block. */
function write({ place, language, text }: Block): string {
  const path = join(folder, `${place.replaceAll(/[^a-z0-9]+/gi, "_").toLowerCase()}.${language}`);
  writeFileSync(path, text);
  return path;
}

for (const block of marked("ts", "")) {
  test(`an example runs and ends well: ${block.place}`, async () => {
    // A failed `console.assert` only complains.
    assert.equal(await run(write(block)), "");
  });
}

test("every example has the types it should", async () => {
  marked("ts", "").forEach(write);
  // As strict as the project itself, but for one flag that few use: it forbids `pong.id` where the definition is learned.
  const compilerOptions = { noPropertyAccessFromIndexSignature: false };
  const config = { extends: "../../tsconfig.json", compilerOptions, include: ["*.ts"], exclude: [] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  await execute(join(ROOT, "node_modules/.bin/tsc"), ["--project", folder]).catch(({ stdout }) => assert.fail(stdout));
});

for (const block of marked("msg", "")) {
  test(`a definition compiles: ${block.place}`, async () => {
    await run(CLI, "compile", write(block));
  });
}

for (const { place, text } of marked("sh", "run")) {
  test(`commands end well: ${place}`, { skip: DENO === undefined }, async () => {
    const PATH = [dirname(DENO ?? ""), process.env["PATH"]].join(delimiter);
    await execute("sh", ["-ec", text], { cwd: ROOT, env: { ...process.env, PATH }, timeout: 120_000 });
  });
}

const PYTHON = ["python3", "python"].find((name) => spawnSync(name, ["--version"]).status === 0);

for (const { place, text } of marked("python", "")) {
  test(`it is Python: ${place}`, { skip: PYTHON === undefined && "there is no Python" }, () => {
    const { status, stderr } = spawnSync(PYTHON!, ["-c", "import ast, sys; ast.parse(sys.stdin.read())"], {
      input: text,
    });
    assert.equal(status, 0, String(stderr));
  });
}

test("what is said to stand in a file does", () => {
  for (const { place, info, text } of blocks.filter(({ info }) => info.includes("/"))) {
    assert.ok(readFileSync(join(ROOT, info), "utf8").includes(text), `${place}: ${info} has no such lines`);
  }
});

test("commands name tasks that there are, and the right Deno", () => {
  const { tasks } = JSON.parse(readFileSync(join(ROOT, "deno.json"), "utf8"));
  for (const { place, text } of blocks.filter(({ language }) => language === "sh")) {
    for (const [, version, task] of text.matchAll(/\bdeno(?:@(\S+))? task (\S+)/g)) {
      assert.ok(task !== undefined && Object.hasOwn(tasks, task), `${place}: there is no task ${task}`);
      assert.ok(version === undefined || version === DENO_VERSION, `${place}: deno@${version}, not ${DENO_VERSION}`);
    }
  }
});

test("fences say nothing else, and the README ignores nothing", () => {
  for (const { place, language, info } of blocks) {
    const known = info === "" || info === "ignore" || info.includes("/") || isFileName(info)
      || language === "sh" && info === "run";
    assert.ok(known, `${place}: ${info}?`);
    assert.ok(info !== "ignore" || !place.startsWith("README.md"), `${place} is ignored`);
  }
});

test("blocksOf finds blocks with their lines, marks and text, and no fence in a longer fence", () => {
  const text = "A\n```ts\nlet a;\n```\n````md\n```ts\n```\n````\n```sh run\ndeno task ok\n\n```\n";
  assert.deepEqual(blocksOf("a.md", text), [
    { place: "a.md:2", language: "ts", info: "", text: "let a;\n" },
    { place: "a.md:5", language: "md", info: "", text: "```ts\n```\n" },
    { place: "a.md:9", language: "sh", info: "run", text: "deno task ok\n\n" },
  ]);
  assert.throws(() => blocksOf("a.md", "A\n\n```ts\n"), /a\.md:3/);
});

test("examplesOf finds a doc comment's examples, indented or not, and nothing before @example", () => {
  const source = [
    "/**",
    " * ```ts",
    " * no;",
    " * ```",
    " *",
    " * @example With a title",
    " * ```ts",
    " * if (true) {",
    " *   a();",
    " * }",
    " * ```",
    " */",
    "export class A {",
    "  /**",
    "   * @example",
    "   * ```ts",
    "   * b();",
    "   * ```",
    "   */",
    "  b() {}",
    "}",
    "",
  ].join("\n");
  assert.deepEqual(examplesOf("a.ts", source), [
    { place: "a.ts:7", language: "ts", info: "", text: "if (true) {\n  a();\n}\n" },
    { place: "a.ts:16", language: "ts", info: "", text: "b();\n" },
  ]);
});
