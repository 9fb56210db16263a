import assert from "node:assert/strict";
import { statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { findSource, RUNTIMES } from "../../compiler/init/source.ts";
import { VERSION } from "../../compiler/version.ts";
import { ROOT } from "../runtimes.ts";
import { filesIn, holdfast, inFolder, put, textOf } from "./process.ts";

// That what it writes runs is tested where users have it from: tests/package/ (npm) and tests/bundle/ (by URL).

const COMMON = [
  ...[".gitignore", "README.md", "certs/ca.pem", "certs/cert.pem", "certs/key.pem"],
  ...["client.ts", "hello.msg", "hello.msg.ts", "service.ts"],
];
const OWN = { deno: ["deno.json"], bun: ["package.json", "tsconfig.json"], node: ["package.json", "tsconfig.json"] };
const filesOf = (runtime: (typeof RUNTIMES)[number]) => [...COMMON, ...OWN[runtime]].sort();
const dataIn = (folder: string, file: string) => JSON.parse(textOf(join(folder, file)));

describe("init", () => {
  test("writes a project for what runs it into the current folder, and says how to run it", () =>
    inFolder({}, async (folder) => {
      const { code, stdout, stderr } = await holdfast(folder, "init");
      assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
      const isDeno = "deno" in process.versions;
      const files = filesOf(isDeno ? "deno" : "bun");
      assert.deepEqual(filesIn(folder), files);
      assert.deepEqual([...stdout.matchAll(/^wrote (.+)$/gm)].map(([, path]) => path).sort(), files);
      const [service, client] = isDeno
        ? ["deno task service", "deno task client"]
        : ["bun install\n  bun run service", "bun run client"];
      assert.ok(stdout.endsWith(`
Start the service:
  ${service}
And in another terminal, there, a client:
  ${client} Ann
`));
    }));

  test("makes the folder, and says how to get there", () =>
    inFolder({}, async (folder) => {
      const { code, stdout } = await holdfast(folder, "init", "a/My App", "--runtime", "node");
      assert.equal(code, 0);
      assert.deepEqual(filesIn(join(folder, "a/My App")), filesOf("node"));
      assert.match(stdout, /^wrote a\/My App\/README\.md$/m);
      assert.match(stdout, /^ {2}cd "a\/My App"\n {2}npm install\n {2}npm run service$/m);
      assert.match(stdout, /^ {2}npm run client -- Ann$/m);
      assert.equal(dataIn(folder, "a/My App/package.json").name, "my-app");
    }));

  for (const runtime of RUNTIMES) {
    test(`--json names what was written for ${runtime}`, () =>
      inFolder({}, async (folder) => {
        const { code, stdout } = await holdfast(folder, "init", "app", "--runtime", runtime, "--json");
        assert.equal(code, 0);
        const { written, ...others } = JSON.parse(stdout);
        assert.deepEqual(others, { runtime });
        assert.deepEqual(written.sort(), filesOf(runtime).map((file) => `app/${file}`));
      }));
  }

  test("overwrites nothing: names all that is in the way, links to nowhere too, and writes nothing", () =>
    inFolder({ "app/service.ts": "mine", "app/certs/ca.pem": "mine too" }, async (folder) => {
      symlinkSync("nowhere", join(folder, "app/hello.msg"));
      const { code, stdout, stderr } = await holdfast(folder, "init", "app");
      assert.deepEqual({ code, stdout }, { code: 3, stdout: "" });
      assert.equal(
        stderr,
        "error: app/hello.msg, app/service.ts, app/certs/ca.pem: already there."
          + " Choose another folder, or move what is in the way.\n",
      );
      assert.deepEqual(filesIn(join(folder, "app")), ["certs/ca.pem", "hello.msg", "service.ts"]);
      assert.equal(textOf(join(folder, "app/service.ts")), "mine");
    }));

  test("leaves other files of the folder alone", () =>
    inFolder({ "notes.txt": "mine" }, async (folder) => {
      assert.equal((await holdfast(folder, "init")).code, 0);
      assert.equal(textOf(join(folder, "notes.txt")), "mine");
    }));

  test("writes the definition in the one style, and its code as compile does", () =>
    inFolder({}, async (folder) => {
      await holdfast(folder, "init");
      assert.equal((await holdfast(folder, "fmt", "--check", ".")).code, 0);
      assert.equal((await holdfast(folder, "compile", "--check", ".")).code, 0);
    }));

  test(
    "only its owner may read the key, and git takes no certificates",
    { skip: process.platform === "win32" },
    () =>
      inFolder({}, async (folder) => {
        await holdfast(folder, "init");
        assert.equal(statSync(join(folder, "certs/key.pem")).mode & 0o777, 0o600);
        assert.match(textOf(join(folder, ".gitignore")), /^certs\/$/m);
      }),
  );

  test("--from names what the project gets Holdfast from", () =>
    inFolder({ "holdfast.tgz": "" }, async (folder) => {
      await holdfast(folder, "init", "deno", "--runtime", "deno", "--from", "https://example.org:8443/x/mod.js");
      const { imports, tasks } = dataIn(folder, "deno/deno.json");
      assert.deepEqual(imports, { holdfast: "https://example.org:8443/x/mod.js" });
      assert.match(
        tasks.compile,
        /--allow-import=example\.org:8443 .* https:\/\/example\.org:8443\/x\/cli\.js compile/,
      );
      await holdfast(folder, "init", "node", "--runtime", "node", "--from", "holdfast.tgz");
      assert.match(dataIn(folder, "node/package.json").dependencies.holdfast, /^file:\/.*\/holdfast\.tgz$/);
    }));

  for (
    const [args, words] of [
      [["--runtime", "browser"], /'browser' is invalid\. Allowed choices are deno, bun, node/],
      [["--from", "./nowhere.js", "--runtime", "deno"], /--from \.\/nowhere\.js: there is no such file/],
      [["--from", "./nowhere.tgz", "--runtime", "node"], /--from \.\/nowhere\.tgz: there is no such file/],
    ] as const
  ) {
    test(`says what is wrong with 'init ${args.join(" ")}', and ends with 2`, () =>
      inFolder({}, async (folder) => {
        const { code, stderr } = await holdfast(folder, "init", ...args);
        assert.equal(code, 2);
        assert.match(stderr, words);
        assert.deepEqual(filesIn(folder), []);
      }));
  }

  test("says why it can't write, and ends with 3", () =>
    inFolder({}, async (folder) => {
      put(join(folder, "file"), "");
      const { code, stderr } = await holdfast(folder, "init", "file");
      assert.equal(code, 3);
      assert.match(stderr, /file\/README\.md: this can't be written: /);
    }));

  test("asks for the tools with which Holdfast itself is tested", () =>
    inFolder({}, async (folder) => {
      const { devDependencies: own } = dataIn(ROOT, "package.json");
      for (const runtime of ["bun", "node"] as const) {
        await holdfast(folder, "init", runtime, "--runtime", runtime);
        const { devDependencies } = dataIn(folder, `${runtime}/package.json`);
        for (const [name, version] of Object.entries({ ...own, "@types/bun": own.bun, "@types/node": "20.19.0" })) {
          if (name in devDependencies) assert.equal(devDependencies[name], `^${version}`, name);
        }
      }
    }));
});

describe("findSource", () => {
  const command = "https://example.org/x/cli.js";
  const file = join(ROOT, "mod.ts");

  for (
    const [runtime, from, self, code, run] of [
      ["deno", undefined, command, "https://example.org/x/mod.js", command],
      ["deno", undefined, "file:///x/cli.js", `npm:holdfast@^${VERSION}`, `npm:holdfast@^${VERSION}`],
      [
        ...["deno", undefined, "https://jsr.io/@holdfast/holdfast/0.1.0/compiler/commands/init.ts"] as const,
        ...[`jsr:@holdfast/holdfast@^${VERSION}`, `jsr:@holdfast/holdfast@^${VERSION}/cli`] as const,
      ],
      ["deno", "npm:holdfast@1.2.3", command, "npm:holdfast@1.2.3", "npm:holdfast@1.2.3"],
      ["deno", file, command, pathToFileURL(file).href, pathToFileURL(join(ROOT, "cli.js")).href],
      ["deno", pathToFileURL(file).href, command, pathToFileURL(file).href, pathToFileURL(join(ROOT, "cli.js")).href],
      ["bun", undefined, command, `^${VERSION}`, "holdfast"],
      ["node", "1.2.3", command, "1.2.3", "holdfast"],
      ["node", "https://example.org/h.tgz", command, "https://example.org/h.tgz", "holdfast"],
      ["node", file, command, `file:${file}`, "holdfast"],
      ["node", `file:${file}`, command, `file:${file}`, "holdfast"],
      ["node", pathToFileURL(file).href, command, `file:${file}`, "holdfast"],
    ] as const
  ) {
    test(`on ${runtime}, --from ${from ?? "nothing"}, run from ${self}: ${code}`, () => {
      const source = findSource(runtime, from, self);
      assert.deepEqual([source.code, source.command], [code, run]);
    });
  }
});
