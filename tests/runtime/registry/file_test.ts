import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { HoldfastError } from "../../../runtime/errors.ts";
import type { LogRecord } from "../../../runtime/log.ts";
import { RegistryError } from "../../../runtime/registry/error.ts";
import { type FileRegistry, fileRegistry } from "../../../runtime/registry/file.ts";
import { MAX_SIZE } from "../../../runtime/registry/read.ts";
import { check, type Scope } from "../../harness.ts";
import { type ManualClock, manualClock } from "../../manual_clock.ts";
import { ROOT } from "../../runtimes.ts";

/** A registry that knows these users. */
const knowing = (...users: readonly string[]) =>
  `{\n  "users": {\n${users.map((name) => `    "${name}": { "certificates": ["/CN=${name}"] },\n`).join("")}  },\n`
  + `  "groups": { "all_of_us": { "users": ${JSON.stringify(users)} } },\n  "defaultGroups": ["all_of_us"],\n}\n`;

const someone = (name: string) => ({ method: "certificate", subject: `/CN=${name}`, issuer: "" }) as const;

/** A registry's file, and what came of it. */
interface Lab {
  readonly path: string;
  readonly registry: FileRegistry;
  readonly clock: ManualClock;
  /** What was logged, as `level: message`. */
  readonly logged: string[];
  /** How often a change was told. */
  changes: number;
  /** Who of these is known. */
  known(...names: readonly string[]): string[];
}

function place(scope: Scope, text: string | Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-registry-"));
  scope.cleanup(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "registry.jsonc");
  writeFileSync(path, text);
  return path;
}

async function open(scope: Scope, text: string): Promise<Lab> {
  const path = place(scope, text);
  const clock = manualClock();
  const logged: string[] = [];
  const log = ({ level, message }: LogRecord) => void logged.push(`${level}: ${message}`);
  const registry = await fileRegistry(path, { clock, log, interval: 1_000 });
  scope.cleanup(() => registry.close());
  const known = (...names: readonly string[]) => names.filter((name) => registry.find(someone(name)) !== undefined);
  const lab: Lab = { path, registry, clock, logged, changes: 0, known };
  registry.watch(() => void lab.changes++);
  return lab;
}

/** What was logged since it was asked last, about the file. */
function news({ logged }: Lab): string[] {
  return logged.splice(0).filter((line) => !line.startsWith("info: The certificate"));
}

check("fileRegistry takes what the file says anew, once the interval is over", async (scope) => {
  const lab = await open(scope, knowing("alice"));
  assert.deepEqual(lab.known("alice", "bob"), ["alice"]);
  for (const users of [["alice", "bob"], ["bob"]]) {
    writeFileSync(lab.path, knowing(...users));
    const changed = new Promise<void>((resolve) => lab.registry.watch(resolve));
    lab.clock.advance(999);
    assert.equal(lab.clock.timers.size, 1);
    lab.clock.advance(1);
    await changed;
    assert.deepEqual(lab.known("alice", "bob"), users);
    // The next look is due when this one is over.
    await lab.registry.reload();
    assert.equal(lab.clock.timers.size, 1);
  }
  assert.equal(lab.changes, 2);
});

check("fileRegistry says why somebody is not known", async (scope) => {
  const lab = await open(scope, knowing("alice"));
  assert.deepEqual(lab.known("bob"), []);
  assert.deepEqual(lab.logged, ['info: The certificate "/CN=bob" belongs to nobody in the registry.']);
});

check("fileRegistry tells nobody of a change that changes nothing", async (scope) => {
  const lab = await open(scope, knowing("alice"));
  await lab.registry.reload();
  assert.deepEqual(news(lab), []);
  writeFileSync(lab.path, `// Us\n${knowing("alice").replaceAll("  ", "\t")}`);
  await lab.registry.reload();
  assert.deepEqual(news(lab), [`info: The registry ${lab.path} was read again.`]);
  assert.equal(lab.changes, 0);
});

check("fileRegistry reports all problems of a broken file, once, and goes on with the old one", async (scope) => {
  const lab = await open(scope, knowing("alice"));
  writeFileSync(lab.path, `{ "user": {},\n"groups": { "g": { "users": ["bob"] } } }`);
  await lab.registry.reload();
  await lab.registry.reload();
  assert.deepEqual(news(lab), [
    [
      `error: The registry ${lab.path} can't be used as it is now. What it said before still holds.`,
      `${lab.path}:1:3: A registry has no \`user\`.`,
      ' 1 | { "user": {},',
      "   |   ^^^^^^",
      "    Did you mean `users`?",
      "",
      `${lab.path}:2:30: There is no user \`bob\`.`,
      ' 2 | "groups": { "g": { "users": ["bob"] } } }',
      "   |                              ^^^^^",
    ].join("\n"),
  ]);
  assert.deepEqual(lab.known("alice"), ["alice"]);
  writeFileSync(lab.path, knowing("bob"));
  await lab.registry.reload();
  assert.deepEqual(news(lab), [`info: The registry ${lab.path} was read again.`]);
  assert.deepEqual(lab.known("alice", "bob"), ["bob"]);
  assert.equal(lab.changes, 1);
});

check("fileRegistry takes no half of a file, wherever the other half is missing", async (scope) => {
  const lab = await open(scope, knowing("alice"));
  const text = knowing("alice", "bob").trimEnd();
  for (let length = 0; length < text.length; length++) {
    writeFileSync(lab.path, text.slice(0, length));
    await lab.registry.reload();
    assert.deepEqual(lab.known("alice", "bob"), ["alice"]);
  }
  assert.equal(lab.changes, 0);
  writeFileSync(lab.path, text);
  await lab.registry.reload();
  assert.deepEqual(lab.known("alice", "bob"), ["alice", "bob"]);
});

check("fileRegistry reports each time the file goes, and goes on with what it said", async (scope) => {
  const lab = await open(scope, knowing("alice"));
  for (let round = 0; round < 2; round++) {
    rmSync(lab.path);
    await lab.registry.reload();
    await lab.registry.reload();
    const [line, ...others] = news(lab);
    assert.match(line ?? "", /^error: .* still holds\.\n.*: The registry can't be read: there is no such file\.$/);
    assert.deepEqual(others, []);
    assert.deepEqual(lab.known("alice"), ["alice"]);
    writeFileSync(lab.path, knowing("alice"));
    await lab.registry.reload();
    assert.deepEqual(news(lab), [`info: The registry ${lab.path} was read again.`]);
  }
  assert.equal(lab.changes, 0);
});

check("fileRegistry follows the name, when another file is put in its place", async (scope) => {
  const lab = await open(scope, knowing("alice"));
  writeFileSync(`${lab.path}.new`, knowing("bob"));
  renameSync(`${lab.path}.new`, lab.path);
  await lab.registry.reload();
  writeFileSync(lab.path, knowing("carol"));
  await lab.registry.reload();
  assert.deepEqual(lab.known("alice", "bob", "carol"), ["carol"]);
});

check("fileRegistry sees a change that leaves the file's size and time as they were", async (scope) => {
  const lab = await open(scope, knowing("alice"));
  const { atime, mtime, size } = statSync(lab.path);
  writeFileSync(lab.path, knowing("elice"));
  utimesSync(lab.path, atime, mtime);
  assert.equal(statSync(lab.path).size, size);
  await lab.registry.reload();
  assert.deepEqual(lab.known("alice", "elice"), ["elice"]);
});

check("fileRegistry.watch: one that throws stops no other, and one that is stopped hears no more", async (scope) => {
  const lab = await open(scope, knowing("alice"));
  lab.registry.watch(() => {
    throw new Error("no");
  });
  let heard = 0;
  const stop = lab.registry.watch(() => void heard++);
  writeFileSync(lab.path, knowing("bob"));
  await lab.registry.reload();
  stop();
  writeFileSync(lab.path, knowing("carol"));
  await lab.registry.reload();
  assert.deepEqual([heard, lab.changes], [1, 2]);
  assert.deepEqual(news(lab).filter((line) => line.startsWith("error")), Array(2).fill("error: A callback failed."));
});

check("fileRegistry.close: nothing is read, told or waited for any more, and what was said holds", async (scope) => {
  const lab = await open(scope, knowing("alice"));
  writeFileSync(lab.path, knowing("bob"));
  // One reading is under way, another is asked for afterwards.
  lab.clock.advance(1_000);
  await Promise.resolve();
  await Promise.all([lab.registry.close(), lab.registry.close()]);
  await lab.registry.reload();
  assert.equal(lab.clock.timers.size, 0);
  assert.deepEqual(lab.known("alice", "bob"), ["alice"]);
  assert.deepEqual([lab.changes, news(lab)], [0, []]);
});

check("fileRegistry rejects where there is nothing to begin with, and says why", async (scope) => {
  const cases: [string | Uint8Array, RegExp][] = [
    ["", /registry\.jsonc:1:1: A value is missing here\./],
    [`{ "users": [] }`, /registry\.jsonc:1:12: `users` must be an object/],
    [new Uint8Array([0x7b, 0xff, 0x7d]), /registry\.jsonc: The registry is no text in UTF-8\./],
    [" ".repeat(MAX_SIZE + 1), /registry\.jsonc: The registry is too long: 4194304 bytes are the most\./],
  ];
  for (const [content, message] of cases) {
    const path = place(scope, content);
    await assert.rejects(fileRegistry(path), (error) => error instanceof RegistryError && message.test(error.message));
  }
  const gone = `${tmpdir()}/holdfast-no-such-registry.jsonc`;
  await assert.rejects(fileRegistry(gone), /The registry can't be read: there is no such file\./);
  await assert.rejects(fileRegistry(tmpdir()), /The registry can't be read: this is no file\./);
});

check("fileRegistry refuses an interval that is none", async (scope) => {
  const path = place(scope, "{}");
  for (const interval of [0, -1, 1.5, NaN, Infinity, 2 ** 31]) {
    await assert.rejects(
      fileRegistry(path, { interval }),
      (error) => error instanceof HoldfastError && error.code === "invalid-argument" && /interval/.test(error.message),
    );
  }
});

check("fileRegistry keeps no process from ending", async (scope) => {
  const path = place(scope, knowing("alice"));
  const options = "deno" in process.versions ? ["run", "-A", "--no-check", "--quiet"] : ["run"];
  const script = join(ROOT, "tests/runtime/registry/open.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [...options, script, path], { timeout: 20_000 });
  assert.equal(stdout.trim(), "open");
});
