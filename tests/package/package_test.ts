/**
 * The package for npm, as users get it: installed from a registry into empty projects on all runtimes.
 *
 * @module
 */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { after, before, describe, test } from "node:test";
import { VERSION } from "../../compiler/version.ts";
import { BUN, ROOT } from "../runtimes.ts";
import { type Place, succeed } from "./job.ts";
import { type ProjectTools, tryProject } from "./project.ts";
import { isOnline, type Registry, serveRegistry } from "./registry.ts";

/** The package to check, by `deno task pack`, which must not skip anything; else one is made. */
const GIVEN = process.env["HOLDFAST_PACKAGE"];
const skip = !("deno" in process.versions)
  ? "it is checked once, by the tests on Deno"
  : GIVEN === undefined && !isOnline() && "npm's registry does not answer";

/** Needed here only, so that everybody else's install stays small. */
const LINTERS = ["publint@0.3.25", "@arethetypeswrong/cli@0.18.5"];

/** A service and a client without a file of their own, for whatever runs JavaScript. */
const APP = `
import { connect, parse, serve } from "holdfast";
import { readFileSync } from "node:fs";

const PingPong = parse("Ping < id: long >\\nPong < id: long >\\n"
  + "service Framework/PingPong { auth all receives Ping sends Pong }");
const [ca, cert, key] = ["ca", "cert", "key"].map((name) => readFileSync(\`\${name}.pem\`, "utf8"));
const server = await serve(PingPong, {
  cert,
  key,
  messages: { Ping: ({ id }, connection) => connection.send("Pong", { id }) },
});
const client = await connect(server.url, { ca });
const pongs = client.messages("Pong");
await client.send("Ping", { id: 2n ** 64n });
for await (const { id } of pongs) {
  console.log(\`RECEIVED PONG \${id}\`);
  break;
}
await client.close();
await server.close();
`;

/** A user's program that uses every sub-path. */
const TYPED = `
import { connect, type Definition, Schema, serve, type Static } from "holdfast";
import { holdfast } from "holdfast/plugin";
import "holdfast/preload";

const Job = Schema.Fields({ id: Schema.Integer() });
export const job: Static<typeof Job> = { id: 1 };
export const name: string = holdfast().name;
export function start(definition: Definition): Promise<unknown> {
  return serve(definition, { cert: "", key: "", messages: {} });
}
// @ts-expect-error: a URL is a string.
export const wrong = () => connect(1);
`;

/** A program that imports a `.msg` file. */
const DIRECT = `import { Hello } from "./hello.msg";
console.log(Hello.shape.service);
`;

/** How people use a runtime. */
interface Tools extends ProjectTools {
  readonly name: string;
  /** Adds a package to a project. */
  readonly add: readonly string[];
  /** Runs a program. */
  readonly run: readonly string[];
  /** Runs the package's command. */
  readonly command: readonly string[];
}

const TOOLS: readonly Tools[] = [
  {
    name: "Node",
    add: ["npm", "install", "holdfast"],
    run: ["node"],
    command: ["npx", "holdfast"],
    install: ["npm", "install"],
    task: ["npm", "run"],
    dashes: ["--"],
  },
  {
    name: "Bun",
    add: ["bun", "add", "holdfast"],
    run: ["bun"],
    command: ["bunx", "--bun", "holdfast"],
    install: ["bun", "install"],
    task: ["bun", "run"],
    dashes: [],
  },
  {
    name: "Deno",
    add: ["deno", "add", "npm:holdfast"],
    run: ["deno", "run", "-A"],
    command: ["deno", "run", "-A", "npm:holdfast"],
    install: [],
    task: ["deno", "task"],
    dashes: [],
  },
];

// Bun reports nothing of a group that is skipped.
if (skip !== false) test("the package for npm", { skip }, () => {});

describe("the package for npm", { skip }, () => {
  const base = realpathSync(mkdtempSync(join(tmpdir(), "holdfast-package-")));
  const bin = join(base, "bin");
  let tarball = "";
  let content = "";
  let registry: Registry;

  /** An empty folder, where the runtimes are at hand, and nothing that was stored before is used. */
  function place(name: string): Place {
    const folder = join(base, name);
    mkdirSync(folder, { recursive: true });
    const env = {
      PATH: [bin, process.env["PATH"]].join(delimiter),
      NPM_CONFIG_REGISTRY: registry.url,
      // What runs this test may have set it.
      npm_config_registry: registry.url,
      npm_config_audit: "false",
      npm_config_fund: "false",
      npm_config_update_notifier: "false",
      DENO_DIR: join(base, "deno"),
      BUN_INSTALL_CACHE_DIR: join(base, "bun"),
    };
    return { folder, env };
  }

  before(async () => {
    mkdirSync(bin);
    symlinkSync(process.execPath, join(bin, "deno"));
    for (const name of ["bun", "bunx"]) symlinkSync(realpathSync(BUN), join(bin, name));
    const make = [process.execPath, "run", "-A", ".ci/pack.ts", join(base, "packed"), "--without-checks"] as const;
    const here = { folder: ROOT, env: {} };
    tarball = GIVEN ?? (await succeed(here, ...make)).trim().split("\n").at(-1)!;
    execFileSync("tar", ["-xzf", tarball, "-C", base]);
    content = join(base, "package");
    registry = await serveRegistry(tarball);
  });

  after(async () => {
    await registry.close();
    rmSync(base, { recursive: true });
  });

  test("has for each export code and types, which import nothing that it does not declare", () => {
    const { exports, dependencies, peerDependencies } = JSON.parse(readFileSync(join(content, "package.json"), "utf8"));
    const { exports: sources } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    assert.deepEqual(Object.keys(exports), [...Object.keys(sources), "./package.json"]);
    const files = readdirSync(content);
    for (const [subpath, targets] of Object.entries<Record<string, string>>(exports)) {
      if (subpath === "./package.json") continue;
      for (const target of Object.values(targets)) assert.ok(files.includes(target.slice(2)), target);
    }
    for (const file of files.filter((name) => /\.(js|d\.ts)$/.test(name))) {
      const text = readFileSync(join(content, file), "utf8");
      for (const [, specifier = ""] of text.matchAll(/^(?:import|export)\b[^;]*?\bfrom ["']([^"']+)["']/gm)) {
        const [, name = ""] = /^((?:@[^/]+\/)?[^/]+)/.exec(specifier) ?? [];
        const isDeclared = file !== "cli.js" && name in { ...dependencies, ...peerDependencies };
        assert.ok(isDeclared || /^(node:|\.\/)/.test(specifier), `${file} imports ${specifier}`);
      }
    }
  });

  test("has the command, the licences, and nothing of the machine that made it", () => {
    const files = readdirSync(content);
    assert.match(readFileSync(join(content, "cli.js"), "utf8"), /^#!\/usr\/bin\/env node\n/);
    for (const name of ["LICENSE", "README.md", "licenses.txt"]) assert.ok(files.includes(name), name);
    assert.match(readFileSync(join(content, "licenses.txt"), "utf8"), /^commander \S+ \(MIT\)$/m);
    for (const name of files) assert.ok(!readFileSync(join(content, name), "utf8").includes(ROOT), name);
  });

  test("says where it comes from, whom it is for, and which runtimes it needs", () => {
    const manifest = JSON.parse(readFileSync(join(content, "package.json"), "utf8"));
    const { name, version, type, license, engines, publishConfig } = manifest;
    assert.deepEqual({ name, version, type, license }, {
      name: "holdfast",
      version: VERSION,
      type: "module",
      license: "MIT",
    });
    assert.deepEqual(engines, { node: ">=20" });
    assert.deepEqual(publishConfig, { access: "public", provenance: true });
    assert.ok(!("private" in manifest) && !("devDependencies" in manifest));
  });

  // They are larger than the package.
  if (GIVEN !== undefined) {
    test("publint and attw, which know what goes wrong with packages, find nothing", async () => {
      const here = place("linters");
      await succeed(here, "npm", "install", ...LINTERS);
      await succeed(here, "npx", "publint", "run", tarball, "--strict");
      await succeed(here, "npx", "attw", tarball, "--profile", "esm-only");
    });
  }

  for (const { name, add, run, command } of TOOLS) {
    test(`${name}: installed into an empty project, a service and its client talk, and the command runs`, async () => {
      const here = place(`empty-${name}`);
      await succeed(here, ...add);
      writeFileSync(join(here.folder, "app.mjs"), APP);
      assert.equal((await succeed(here, ...command, "--version")).trim(), VERSION);
      await succeed(here, ...command, "cert", "--out", ".");
      assert.equal(await succeed(here, ...run, "app.mjs"), `RECEIVED PONG ${2n ** 64n}\n`);
    });
  }

  for (
    const [module, resolution] of [["node16", "node16"], ["nodenext", "nodenext"], ["preserve", "bundler"]] as const
  ) {
    test(`tsc, --moduleResolution ${resolution}: every export has its types, and they are sound`, async () => {
      const here = place(`empty-Node`);
      writeFileSync(join(here.folder, "typed.mts"), TYPED);
      const lib = ["--lib", "es2023,esnext.disposable,dom", "--types", ""];
      const options = [
        "--noEmit",
        "--strict",
        "--target",
        "es2023",
        "--module",
        module,
        "--moduleResolution",
        resolution,
      ];
      await succeed(here, join(ROOT, "node_modules/.bin/tsc"), ...options, ...lib, "typed.mts");
    });
  }

  for (const tools of TOOLS) {
    const { name, command } = tools;
    test(`${name}: init writes a project that compiles, serves, and whose client ends well`, async () => {
      const outside = place(`empty-${name}`);
      const args = ["init", join(base, `app-${name}`), "--runtime", name.toLowerCase()];
      const said = await succeed(outside, ...command, ...args);
      await tryProject(place(`app-${name}`), said, tools);
    });
  }

  test("esbuild, in the project for Node: the plugin compiles what is imported", async () => {
    const here = place("app-Node");
    writeFileSync(join(here.folder, "direct.ts"), DIRECT);
    writeFileSync(
      join(here.folder, "build.mjs"),
      `import { build } from "esbuild";
      import { holdfast } from "holdfast/plugin";
      const to = { bundle: true, packages: "external", format: "esm", outfile: "direct.mjs" };
      await build({ entryPoints: ["direct.ts"], ...to, plugins: [holdfast()] });`,
    );
    await succeed(here, "node", "build.mjs");
    assert.equal(await succeed(here, "node", "direct.mjs"), "Example/Hello\n");
  });

  test("Bun, in its project: what is preloaded compiles what is imported", async () => {
    const here = place("app-Bun");
    writeFileSync(join(here.folder, "direct.ts"), DIRECT);
    assert.equal(await succeed(here, "bun", "--preload", "holdfast/preload", "direct.ts"), "Example/Hello\n");
  });
});
