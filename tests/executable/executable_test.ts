import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, describe, test } from "node:test";
import { VERSION } from "../../compiler/version.ts";
import { parse, serve } from "../../mod.ts";
import { Editor } from "../compiler/lsp/editor.ts";
import { type Ended, inFolder, put, textOf } from "../compiler/process.ts";
import { testCertificate } from "../harness.ts";
import { DENO, ROOT } from "../runtimes.ts";

const EXAMPLE = join(ROOT, "examples/pingpong/pingpong.msg");

const ENDING = process.platform === "win32" ? ".exe" : "";

/** Why there is no executable of Deno's: `false` if there is one. Tests fetch nothing. */
function whyNotDeno(): string | false {
  if (DENO === undefined) return "there is no Deno";
  if (process.env["DENORT_BIN"] !== undefined) return false;
  const { stdout } = spawnSync(DENO, ["info", "--json"], { encoding: "utf8" });
  const releases = join(JSON.parse(stdout).denoDir, "dl/release");
  const kept = existsSync(releases) ? readdirSync(releases, { recursive: true, encoding: "utf8" }) : [];
  return kept.some((file) => /denort[^/\\]*\.zip$/.test(file))
    ? false
    : "the runtime that `deno compile` puts into executables is not kept here";
}

function run(command: string, cwd: string, ...args: string[]): Promise<Ended> {
  const env = { ...process.env, NO_COLOR: "1" };
  return new Promise((done) => {
    const child = execFile(command, args, { cwd, env }, (_, stdout, stderr) => {
      done({ code: child.exitCode, stdout, stderr });
    });
  });
}

describe("deno task executable", { skip: DENO === undefined }, () => {
  const made = mkdtempSync(join(tmpdir(), "holdfast-executable-"));
  const noDeno = whyNotDeno();
  let output = "";

  before(async () => {
    const { code, stdout, stderr } = await run(DENO ?? "", ROOT, "run", "-A", ".ci/executable.ts", made);
    assert.equal(code, 0, stdout + stderr);
    output = stdout;
  });
  after(() => rmSync(made, { recursive: true }));

  test("says what it has made, by name what it has skipped, and leaves the licences there", () => {
    assert.ok(output.startsWith(`${join(made, `holdfast${ENDING}`)}\n`), output);
    if (noDeno !== false) assert.match(output, /^skipped: .*holdfast-deno.*, as http\S*denort\S* can't be fetched/m);
    assert.match(textOf(join(made, "licenses.txt")), /^commander \S+ \(MIT\)\n/m);
  });

  for (const [name, skip] of [["holdfast", false], ["holdfast-deno", noDeno]] as const) {
    const holdfast = (cwd: string, ...args: string[]) => run(join(made, name + ENDING), cwd, ...args);

    test(`${name} says its version`, { skip }, async () => {
      assert.deepEqual(await holdfast(made, "--version"), { code: 0, stdout: `${VERSION}\n`, stderr: "" });
    });

    test(
      `${name} compiles an example, and tells of problems`,
      { skip },
      () =>
        inFolder({ "wrong.msg": "Ping < id: number >\n" }, async (folder) => {
          copyFileSync(EXAMPLE, join(folder, "pingpong.msg"));
          const compiled = await holdfast(folder, "compile", "pingpong.msg");
          assert.deepEqual(compiled, { code: 0, stdout: "wrote pingpong.msg.ts\n", stderr: "" });
          assert.equal(textOf(join(folder, "pingpong.msg.ts")), textOf(`${EXAMPLE}.ts`));
          const { code, stderr } = await holdfast(folder, "check", "wrong.msg");
          assert.equal(code, 1);
          assert.match(stderr, /^wrong\.msg:1:12: There is no type `number`\./);
        }),
    );

    test(
      `${name} writes completions, and certificates that a service takes`,
      { skip },
      () =>
        inFolder({}, async (folder) => {
          assert.match((await holdfast(folder, "completions", "bash")).stdout, /\bdescribe\b/);
          assert.equal((await holdfast(folder, "cert", "--out", ".")).code, 0);
          const [cert, key] = ["cert.pem", "key.pem"].map((file) => textOf(join(folder, file)));
          await (await serve(parse(textOf(EXAMPLE)), { cert: cert!, key: key!, messages: { Ping: () => {} } })).close();
        }),
    );

    test(
      `${name} describes a live service, and asks it, whatever settings of Bun's are in the folder`,
      { skip },
      () =>
        inFolder({ "bunfig.toml": 'preload = ["./none.ts"]\n', ".env": "HOLDFAST_TOKEN=wrong\n" }, async (folder) => {
          const certificate = await testCertificate();
          put(join(folder, "ca.pem"), certificate.ca);
          const definition = parse(`
          Question < number: long >
          Answer < number: long >
          service Lab/Oracle {
            auth all
            receives Question -> Answer
          }
        `);
          await using server = await serve(definition, {
            ...{ cert: certificate.cert, key: certificate.key, log: () => {} },
            tokens: () => {
              throw new Error("No token was meant to come.");
            },
            messages: { Question: ({ number }) => ({ number: (number as bigint) + 1n }) },
          });
          const described = await holdfast(folder, "describe", server.url, "--ca", "ca.pem");
          assert.deepEqual([described.code, described.stderr], [0, ""]);
          assert.equal(parse(described.stdout).shape.service, "Lab/Oracle");
          const question = '{"number": 123456789012345678901234567890}';
          const asked = await holdfast(folder, "request", server.url, "Question", question, "--ca", "ca.pem");
          const stdout = '{"number":123456789012345678901234567891}\n';
          assert.deepEqual(asked, { code: 0, stdout, stderr: "" });
        }),
    );

    test(`${name} serves an editor`, { skip }, () =>
      inFolder({}, async (folder) => {
        await using editor = new Editor(folder, [join(made, name + ENDING)]);
        await editor.initialize();
        assert.deepEqual(await editor.open("pingpong.msg", textOf(EXAMPLE)), []);
        await editor.request("shutdown");
        editor.notify("exit");
        assert.equal(await editor.ended, 0);
      }));
  }
});
