/**
 * What is sent to JSR when Holdfast is published there. JSR itself is not asked: a server on loopback stands for it.
 *
 * @module
 */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, describe, test } from "node:test";
import { VERSION } from "../../compiler/version.ts";
import { ROOT } from "../runtimes.ts";
import { succeed } from "./job.ts";

const skip = !("deno" in process.versions) && "only Deno publishes there";

// Bun reports nothing of a group that is skipped.
if (skip !== false) test("what goes to JSR", { skip }, () => {});

describe("what goes to JSR", { skip }, () => {
  const base = mkdtempSync(join(tmpdir(), "holdfast-jsr-"));
  const content = join(base, "content");

  before(async () => {
    let upload = Buffer.of();
    const server = createServer(async (request, response) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of request) chunks.push(chunk);
      if (request.method === "POST") upload = Buffer.concat(chunks);
      const isKnown = request.method === "POST" || !request.url?.endsWith(`/versions/${VERSION}`);
      response.writeHead(isKnown ? 200 : 404, { "content-type": "application/json" });
      response.end(JSON.stringify({ id: "1", status: "success", error: null }));
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    // The gate checks the types, and that none of them are slow.
    const args = ["publish", "--no-check", "--allow-dirty", "--no-provenance", "--token", "none"];
    const here = { folder: ROOT, env: { JSR_URL: `http://127.0.0.1:${port}/` } };
    await succeed(here, process.execPath, ...args).finally(() => server.close());
    mkdirSync(content);
    writeFileSync(join(base, "upload.tar.gz"), upload);
    execFileSync("tar", ["-xzf", join(base, "upload.tar.gz"), "-C", content]);
  });

  after(() => rmSync(base, { recursive: true }));

  test("is every export, and what belongs to them", () => {
    const { exports } = JSON.parse(readFileSync(join(content, "deno.json"), "utf8"));
    for (const file of Object.values<string>(exports)) assert.ok(existsSync(join(content, file)), file);
    assert.deepEqual(
      readdirSync(content).sort(),
      ["LICENSE", "README.md", "compiler", "deno.json", "idl", "mod.ts", "runtime"],
    );
  });

  test("runs without anything else of the project: the command compiles", async () => {
    const folder = join(base, "empty");
    mkdirSync(folder);
    writeFileSync(join(folder, "a.msg"), "A <>\nservice A/A { auth all receives A }\n");
    const cli = ["run", "-A", "--no-config", "--no-lock", join(content, "compiler/cli.ts")];
    const here = { folder, env: {} };
    assert.equal((await succeed(here, process.execPath, ...cli, "--version")).trim(), VERSION);
    await succeed(here, process.execPath, ...cli, "compile", "a.msg");
    assert.ok(existsSync(join(folder, "a.msg.ts")));
  });
});
