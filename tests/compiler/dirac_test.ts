import fc from "fast-check";
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { handlersOf } from "../../compiler/dirac.ts";
import type { Definition, Shape } from "../../idl/definition.ts";
import { misfits } from "../../idl/diset.ts";
import { load } from "../../idl/mod.ts";
import { print } from "../../idl/print.ts";
import { DEFAULT_LIMITS } from "../../runtime/limits.ts";
import { DisetEncoder } from "../../runtime/wire/diset/encoder.ts";
import { MessageTable } from "../../runtime/wire/diset/table.ts";
import { arbitraryShape, arbitraryValue } from "../arbitraries.ts";
import { ROOT } from "../runtimes.ts";
import { SEED, seeded } from "../seed.ts";
import { holdfast, inFolder, textOf } from "./process.ts";

const PYTHON = ["python3", "python"].find((name) => spawnSync(name, ["--version"]).status === 0);
const skip = PYTHON === undefined && "there is no Python 3";

const LAB = `/// A "sample", whatever it's \\ called
Sample < flag: bool, count: int|long, big: long, ratio: float, text: string, raw: bytes, when: timestamp, tags: list<int>,
  table: map<any>, anything: any, either: int | "odd" | null, level: Level, inner: Inner, left?: float,
  /// Always so
  fixed: true >
Inner < a: int >
enum Level { low, high }
Empty < >
service Lab/Desk { auth all  receives Sample, Empty }
`;

interface Found {
  readonly definitions: Readonly<Record<string, Readonly<Record<string, readonly string[] | null>>>>;
  readonly wrong: readonly unknown[];
}

/** What Python finds in handlers, and in payloads that are to be messages of theirs. */
function look(handlers: readonly { handler: string; path: string; payloads: readonly string[] }[]): readonly Found[] {
  const script = join(ROOT, "tests/compiler/testdata/handlers.py");
  const { status, stderr, stdout } = spawnSync(PYTHON!, ["-B", script], {
    input: JSON.stringify(handlers),
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

describe("compile --target dirac", () => {
  test(
    "writes a handler named like its class, whose messages have the types that Python knows",
    { skip },
    () =>
      inFolder({ "desk.msg": LAB }, async (folder) => {
        const { code, stdout, stderr } = await holdfast(folder, "compile", "--target", "dirac", "desk.msg");
        assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: "wrote DeskHandler.py\n", stderr: "" });
        const path = join(folder, "DeskHandler.py");
        assert.match(textOf(path), /# A "sample", whatever it's \\ called\n/);
        const [found] = look([{ handler: "DeskHandler", path, payloads: [] }]);
        assert.deepEqual(found?.definitions, {
          Sample: {
            flag: ["bool"],
            count: ["int"],
            big: ["int"],
            ratio: ["float"],
            text: ["str"],
            raw: ["bytes", "str"],
            when: ["datetime"],
            tags: ["list"],
            table: ["dict"],
            anything: null,
            either: ["int", "str", "NoneType"],
            level: ["str"],
            inner: ["dict"],
            left: ["float", "NoneType"],
            fixed: ["bool"],
          },
          Empty: {},
        });
        const again = await holdfast(folder, "compile", "--target", "dirac", "--check", "desk.msg");
        assert.deepEqual([again.code, again.stdout], [0, "up to date: 1 file\n"]);
      }),
  );

  test("writes what the tests' own handler says by hand", { skip }, () =>
    inFolder({}, async (folder) => {
      const lab = join(ROOT, "tests/interop/lab.msg");
      const { code } = await holdfast(folder, "compile", "--target", "dirac", "--out", folder, lab);
      assert.equal(code, 0);
      writeFileSync(join(folder, "exchange.py"), "");
      const handler = "LabHandler";
      const byHand = textOf(join(ROOT, "tests/interop/handlers/LabHandler.py"))
        .replace("import exchange\nfrom DIRAC import S_ERROR, S_OK\n", "");
      writeFileSync(join(folder, "ByHand.py"), byHand);
      const [made, written] = look([
        { handler, path: join(folder, "LabHandler.py"), payloads: [] },
        { handler, path: join(folder, "ByHand.py"), payloads: [] },
      ]);
      assert.deepEqual(made?.definitions, written?.definitions);
    }));

  test("refuses, and writes nothing, for what DIRAC can't say, and for two services of one handler", () =>
    inFolder({
      "misfit.msg": "M < a?: int|null > service A/M { auth all receives M }",
      "two.msg": "M < a: int > service A/M { auth all receives M } service B/M { auth all receives M }",
    }, async (folder) => {
      for (
        const [file, why] of [["misfit.msg", /A\/M: M\.a: it is optional, and may be null/], [
          "two.msg",
          /B\/M/,
        ]] as const
      ) {
        const { code, stderr } = await holdfast(folder, "compile", "--target", "dirac", file);
        assert.equal(code, 1);
        assert.match(stderr, why);
        assert.ok(!existsSync(join(folder, "MHandler.py")));
      }
    }));

  test("of random definitions: DIRAC takes every message that a Holdfast peer may send", { skip }, () => {
    const folder = mkdtempSync(join(tmpdir(), "holdfast-"));
    try {
      const shapes = fc.sample(arbitraryShape(), seeded("handlers of random definitions", 30))
        .filter((shape) => misfits(shape).length === 0);
      assert.ok(shapes.length > 0);
      const found = look(shapes.map((shape, index) => handlerOf(shape, folder, index)));
      for (const { wrong } of found) assert.deepEqual(wrong, []);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

/** The handler of a service of that shape, and payloads of its messages. */
function handlerOf(shape: Shape, folder: string, index: number) {
  const definition: Definition = { shape, docs: {}, rules: {} };
  const { modules } = load([`random${index}.msg`], {
    read: () => new TextEncoder().encode(print(definition)),
    resolve: (_from, specifier) => specifier,
  });
  const { outputs: [output], problems } = handlersOf(modules, folder);
  assert.deepEqual(problems, []);
  const path = join(folder, `random${index}.py`);
  writeFileSync(path, output!.text);
  const table = new MessageTable(definition, DEFAULT_LIMITS);
  const payloads = shape.messages.flatMap((message) =>
    fc.sample(arbitraryValue(shape.types[message.name]!, shape.types), { seed: SEED, numRuns: 5 })
      .flatMap((value) => payload(table, message.name, value))
  );
  return { handler: output!.path.replace(/^.*[\\/]|\.py$/g, ""), path, payloads };
}

/** What is sent for a value; nothing for one that can't be sent so, as a date before the year 1000. */
function payload(table: MessageTable, name: string, value: unknown): string[] {
  const encoder = new DisetEncoder({ table, encoding: "json", limit: 2 ** 30, name: "test" });
  try {
    encoder.message(table.name(name)!, value);
  } catch {
    return [];
  }
  const frame = Buffer.from(encoder.take(1)!).toString("latin1");
  return [frame.slice(frame.indexOf(":") + 1)];
}
