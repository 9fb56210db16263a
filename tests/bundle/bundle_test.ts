import { build } from "esbuild";
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import process from "node:process";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { Editor } from "../compiler/lsp/editor.ts";
import { tryProject } from "../package/project.ts";
import { BUN, DENO, NODE, ROOT } from "../runtimes.ts";
import { serveFolder } from "./site.ts";
import type { Site } from "./site.ts";

const PINGPONG = `/// Asks the service for a Pong.
Ping < id: int|long >
Pong < id: int|long >

service Framework/PingPong {
  auth all
  receives Ping
  sends Pong
}
`;

/** A service and its client, on the given file of Holdfast's. */
const app = (holdfast: string) => `
import { readFileSync } from "node:fs";
import { connect, serve } from ${JSON.stringify(holdfast)};
import { PingPong } from "./pingpong.msg.ts";

const [ca = "", cert = "", key = ""] = ["ca", "cert", "key"].map((name) => readFileSync(\`\${name}.pem\`, "utf8"));
await using server = await serve(PingPong, {
  cert,
  key,
  messages: { Ping: ({ id }, connection) => connection.send("Pong", { id }) },
});
await using client = await connect(server.url, PingPong, { ca });
await client.send("Ping", { id: 9007199254740993n });
for await (const { id } of client.messages("Pong")) {
  console.log(\`RECEIVED PONG \${id}\`);
  break;
}
`;

const PONG = "RECEIVED PONG 9007199254740993\n";

interface Outcome {
  readonly code: number;
  readonly output: string;
}

describe("the bundle, from a folder without anything else,", { skip: DENO === undefined }, () => {
  const base = mkdtempSync(join(tmpdir(), "holdfast-bundle-"));
  const dist = join(base, "dist");
  const empty = join(base, "empty");
  let site: Site;

  /** Runs a command there, with a Deno that has nothing in store. */
  function run(command: string, ...args: readonly string[]): Promise<Outcome> {
    const env = { ...process.env, DENO_DIR: join(base, "deno"), NO_COLOR: "1" };
    return new Promise((done) => {
      execFile(command, args, { cwd: empty, env }, (error, stdout, stderr) => {
        done({ code: error === null ? 0 : 1, output: error === null ? stdout : stdout + stderr });
      });
    });
  }
  const deno = (...args: readonly string[]) => run(DENO ?? "", ...args);
  const succeed = async (running: Promise<Outcome>) => {
    const { code, output } = await running;
    assert.equal(code, 0, output);
    return output;
  };
  const write = (name: string, text: string) => writeFileSync(join(empty, name), text);
  const mod = () => `${site.url}/mod.js`;
  const cli = () => `${site.url}/cli.js`;

  before(async () => {
    site = await serveFolder(dist);
    mkdirSync(empty);
    write("pingpong.msg", PINGPONG);
    const made = await new Promise<string>((done) => {
      execFile(DENO ?? "", ["run", "-A", ".ci/bundle.ts", dist], { cwd: ROOT }, (error, _, stderr) => {
        done(error === null ? "" : stderr);
      });
    });
    assert.equal(made, "");
  });

  after(async () => {
    await site.close();
    rmSync(base, { recursive: true });
  });

  for (const name of ["mod.js", "plugin.js", "cli.js"]) {
    test(`${name} imports nothing but node: modules, is ASCII and has a source map`, () => {
      const text = readFileSync(join(dist, name), "utf8");
      const imports = [...text.matchAll(/^(?:import|export)\b[^;]*?\bfrom "([^"]+)"|\bimport\("([^"]+)"\)/gm)];
      assert.ok(imports.length > 0);
      for (const [statement, from, dynamic] of imports) assert.match(from ?? dynamic ?? "", /^node:/, statement);
      assert.doesNotMatch(text, /[^\0-\x7f]/);
      assert.ok(text.endsWith(`//# sourceMappingURL=${name}.map\n`));
      assert.ok(JSON.parse(readFileSync(join(dist, `${name}.map`), "utf8")).sources.length > 0);
    });
  }

  test("mod.js and plugin.js lead to their types in their first lines", () => {
    assert.match(readFileSync(join(dist, "mod.js"), "utf8"), /^\/\/ @ts-self-types="\.\/mod\.d\.ts"\n/);
    assert.match(readFileSync(join(dist, "plugin.js"), "utf8"), /^\/\/ @ts-self-types="\.\/plugin\.d\.ts"\n/);
  });

  test("licenses.txt has the licences of what is in it", () => {
    assert.match(readFileSync(join(dist, "licenses.txt"), "utf8"), /^typebox \S+ \(MIT\)\n\n.*MIT/ms);
  });

  test("the types have no errors in themselves, as TypeScript sees them without any other package", async () => {
    for (const name of ["mod.d.ts", "plugin.d.ts"]) cpSync(join(dist, name), join(empty, name));
    const options = ["--noEmit", "--strict", "--module", "nodenext", "--lib", "es2023,esnext.disposable,dom"];
    await succeed(run(join(ROOT, "node_modules/.bin/tsc"), ...options, "mod.d.ts", "plugin.d.ts"));
  });

  test("mod.d.ts keeps the doc comments", () => {
    const text = readFileSync(join(dist, "mod.d.ts"), "utf8");
    assert.match(text, /@example\n[^]*?\n \*\/\nexport declare class HoldfastError/);
    assert.match(text, /\/\*\* What went wrong, for programs\. \*\/\n\s*readonly code/);
  });

  test("the command runs by its URL: it makes certificates, and compiles for the file's URL", async () => {
    await succeed(deno("run", "-A", cli(), "cert", "--out", "."));
    await succeed(deno("run", "-A", cli(), "compile", "pingpong.msg", "--import", mod()));
    assert.ok(readFileSync(join(empty, "pingpong.msg.ts"), "utf8").includes(mod()));
  });

  test("Deno, by URL: the compiled definition and a program have the right types", async () => {
    write("app.ts", app(mod()));
    await succeed(deno("check", "--allow-import", "pingpong.msg.ts", "app.ts"));
  });

  test("Deno, by URL: a message of a wrong type is an error, at its place", async () => {
    write("wrong.ts", app(mod()).replace("9007199254740993n", '"nine"'));
    const { code, output } = await deno("check", "--allow-import", "wrong.ts");
    assert.equal(code, 1);
    assert.match(output, /Type 'string' is not assignable to type 'number \| bigint'[^]*wrong\.ts:13/);
  });

  test("Deno, by URL: a service and its client talk, and nothing else was asked for", async () => {
    assert.equal(await succeed(deno("run", "-A", "app.ts")), PONG);
    assert.deepEqual([...site.asked].sort(), ["cli.js", "mod.d.ts", "mod.js"]);
  });

  test("Deno, by URL: init writes a project that compiles, serves, and whose client ends well", async () => {
    const said = await succeed(deno("run", "-A", cli(), "init", "../app", "--runtime", "deno"));
    const project = {
      folder: join(base, "app"),
      env: { DENO_DIR: join(base, "deno"), PATH: [dirname(DENO ?? ""), process.env["PATH"]].join(delimiter) },
    };
    await tryProject(project, said, { install: [], task: ["deno", "task"], dashes: [] });
  });

  test("Bun, with a copy of the file: the command compiles, a service and its client talk", async () => {
    cpSync(join(dist, "mod.js"), join(empty, "mod.js"));
    await succeed(run(BUN, join(dist, "cli.js"), "compile", "pingpong.msg", "--import", "./mod.js"));
    write("app.ts", app("./mod.js"));
    assert.equal(await succeed(run(BUN, "app.ts")), PONG);
  });

  test("Node, with a copy of the file: the command compiles, a service and its client talk", {
    skip: NODE === undefined,
  }, async () => {
    await succeed(run(NODE ?? "", join(dist, "cli.js"), "compile", "pingpong.msg", "--import", "./mod.js", "--check"));
    const stripped = join(empty, "app.mjs");
    await build({
      entryPoints: [join(empty, "app.ts")],
      outfile: stripped,
      bundle: true,
      external: ["./mod.js", "node:*"],
      format: "esm",
      target: "node20",
    });
    assert.equal(await succeed(run(NODE ?? "", stripped)), PONG);
  });

  test("Node, with a copy of the file: a program that imports a .msg file, built with the copy of the plugin", {
    skip: NODE === undefined,
  }, async () => {
    const { holdfast } = await import(pathToFileURL(join(dist, "plugin.js")).href);
    write("direct.ts", app("./mod.js").replace("pingpong.msg.ts", "pingpong.msg"));
    await build({
      absWorkingDir: empty,
      entryPoints: ["direct.ts"],
      outfile: "direct.mjs",
      bundle: true,
      external: ["node:*"],
      format: "esm",
      target: "node20",
      plugins: [holdfast({ import: join(empty, "mod.js") })],
    });
    assert.equal(await succeed(run(NODE ?? "", "direct.mjs")), PONG);
  });

  for (
    const [runtime, command] of [["Deno", [DENO ?? "", "run", "-A"]], ["Bun", [BUN]], ["Node", [NODE ?? ""]]] as const
  ) {
    test(`${runtime}: the command serves an editor`, { skip: command[0] === "" }, async () => {
      await using editor = new Editor(empty, [...command, join(dist, "cli.js")]);
      await editor.initialize();
      assert.deepEqual(await editor.open("pingpong.msg", PINGPONG), []);
      assert.match((await editor.ask("hover", "pingpong.msg", 6, 13)).contents.value, /Asks the service for a Pong/);
      await editor.request("shutdown");
      editor.notify("exit");
      assert.equal(await editor.ended, 0);
    });
  }

  test("nothing was installed", () => {
    assert.deepEqual(readdirSync(empty).filter((name) => /^(node_modules|package|deno|bun)/.test(name)), []);
  });
});
