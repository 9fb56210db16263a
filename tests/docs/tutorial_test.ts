import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import process from "node:process";
import { after, test } from "node:test";
import { DENO, ROOT } from "../runtimes.ts";
import { blocksOf } from "./blocks.ts";
import { Reader } from "./tutorial.ts";

const folder = mkdtempSync(join(tmpdir(), "holdfast-tutorial-"));
after(() => rmSync(folder, { recursive: true }));

/** A port at which nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "localhost", done));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((done) => server.close(() => done()));
  return port;
}

const skip = !("deno" in process.versions) && "the tutorial's commands are Deno's, and are run by its tests";

test("tutorial: does what it says, command by command and file by file", { skip }, async () => {
  // Its port may be taken here: it is the one thing that is changed.
  const text = readFileSync(join(ROOT, "docs/tutorial.md"), "utf8").replaceAll("9145", `${await freePort()}`);
  const tools = join(folder, "tools");
  mkdirSync(tools);
  symlinkSync(ROOT, join(folder, "holdfast"));
  const PATH = [join(tools, "bin"), dirname(DENO ?? ""), process.env["PATH"]].join(delimiter);
  await using reader = new Reader(folder, { ...process.env, PATH, DENO_INSTALL_ROOT: tools, NO_COLOR: "1" });
  for (const block of blocksOf("docs/tutorial.md", text)) await reader.follow(block);
});
