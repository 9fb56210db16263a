/**
 * The parts of a definition that clients are told, of random definitions and for random rights.
 */

import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeDefinition, hashShape } from "../../../idl/canonical.ts";
import { readDefinition } from "../../../idl/validate.ts";
import { viewDefinition } from "../../../idl/view.ts";
import { type Definition, parse } from "../../../mod.ts";
import { Rights } from "../../../runtime/authorization.ts";
import { DEFAULT_LIMITS } from "../../../runtime/limits.ts";
import type { Standing } from "../../../runtime/principal.ts";
import { Views } from "../../../runtime/views.ts";
import { Reader } from "../../../runtime/wire/native/reader.ts";
import { MessageTable } from "../../../runtime/wire/native/table.ts";
import { Writer } from "../../../runtime/wire/native/writer.ts";
import { arbitraryDefinition, arbitraryValue } from "../../arbitraries.ts";
import { faultyNetwork } from "../../faulty_network.ts";
import { check } from "../../harness.ts";
import { seeded } from "../../seed.ts";
import { comesTo, lab } from "../credentials_lab.ts";

/** What may be used of a definition: `receives NAME`, `sends NAME`. */
type Allowed = ReadonlySet<string>;

interface Case {
  readonly definition: Definition;
  readonly allowed: readonly Allowed[];
}

/** A definition, and some sets of what may be used of it. */
function cases(count: number): fc.Arbitrary<Case> {
  return arbitraryDefinition().chain((definition) => {
    const actions = actionsOf(definition);
    const sets = fc.subarray(actions).map((list): Allowed => new Set(list));
    return fc.array(sets, { minLength: count, maxLength: count }).map((allowed) => ({ definition, allowed }));
  });
}

function actionsOf({ shape }: Definition): string[] {
  return shape.messages.flatMap(({ name, receives, sends }) => [
    ...(receives ? [`receives ${name}`] : []),
    ...(sends ? [`sends ${name}`] : []),
  ]);
}

function viewOf(definition: Definition, allowed: Allowed): Definition {
  return viewDefinition(definition, (direction, name) => allowed.has(`${direction} ${name}`));
}

function rightsOf(definition: Definition, allowed: Allowed): Rights {
  const names = (direction: string) =>
    definition.shape.messages.map(({ name }) => name).filter((name) => allowed.has(`${direction} ${name}`));
  return new Rights(true, new Set(names("receives")), new Set(names("sends")));
}

/** All names that a value refers to, found by looking at every object in it. */
function references(value: unknown): string[] {
  const found: string[] = [];
  JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner === "bigint") return String(inner);
    const { name, type } = Object(inner) as { readonly name?: string; readonly type?: string };
    if (type === "ref") found.push(name!);
    return inner;
  });
  return found;
}

/** What a client that may use some of it has to know: found by adding what lacks, until nothing does. */
function needed(
  { shape }: Definition,
  allowed: Allowed,
): { readonly messages: Set<string>; readonly types: Set<string> } {
  const messages = new Set<string>();
  for (const { name, receives, sends } of shape.messages) {
    for (const [direction, exchange] of Object.entries({ receives, sends })) {
      if (exchange === undefined || !allowed.has(`${direction} ${name}`)) continue;
      messages.add(name);
      if (exchange.reply !== undefined) messages.add(exchange.reply);
    }
  }
  const types = new Set([...messages, ...references(shape.connect)]);
  for (let before = -1; before < types.size;) {
    before = types.size;
    for (const name of [...types]) for (const other of references(shape.types[name])) types.add(other);
  }
  return { messages, types };
}

test("viewDefinition has what a client needs for what it may use, with its numbers, and nothing else", () => {
  const sizes = { whole: 0, part: 0 };
  fc.assert(
    fc.property(cases(1), ({ definition, allowed: [allowed] }) => {
      const view = viewOf(definition, allowed!);
      if (allowed!.size === actionsOf(definition).length) {
        sizes.whole++;
        assert.equal(view, definition);
        return;
      }
      sizes.part++;
      const { messages, types } = needed(definition, allowed!);
      assert.deepEqual(
        view.shape.messages,
        definition.shape.messages.filter(({ name }) => messages.has(name)).map(({ name, number, receives, sends }) => ({
          name,
          number,
          ...(receives && allowed!.has(`receives ${name}`) && { receives }),
          ...(sends && allowed!.has(`sends ${name}`) && { sends }),
        })),
      );
      assert.deepEqual(new Set(Object.keys(view.shape.types)), types);
      for (const name of types) assert.deepEqual(view.shape.types[name], definition.shape.types[name]);
      assert.deepEqual(view.shape.connect, definition.shape.connect);
      assert.deepEqual(view.rules, {});
      const belong = (path: string) => ["", "connect"].includes(path.split(".")[0]!) || types.has(path.split(".")[0]!);
      const docs = Object.entries(definition.docs).filter(([path]) => belong(path));
      assert.deepEqual(view.docs, Object.fromEntries(docs));
    }),
    seeded("parts of definitions", 300),
  );
  assert.ok(sizes.part > 100, JSON.stringify(sizes));
});

test("viewDefinition makes what a client can read from the wire, and make its own codec of", () => {
  fc.assert(
    fc.property(cases(1), fc.gen(), ({ definition, allowed: [allowed] }, generate) => {
      const view = viewOf(definition, allowed!);
      const read = readDefinition(encodeDefinition(view));
      assert.deepEqual(encodeDefinition(read), encodeDefinition(view));
      assert.deepEqual(hashShape(read.shape), hashShape(view.shape));
      const whole = new MessageTable(definition, DEFAULT_LIMITS);
      const part = whole.part(view);
      const client = new MessageTable(read, DEFAULT_LIMITS);
      for (const { name, number } of view.shape.messages) {
        const value = generate(() => arbitraryValue({ type: "ref", name }, definition.shape.types));
        const written = [whole, part, client].map((table) => {
          const message = table.number(number)!;
          assert.equal(message.name, name);
          const writer = new Writer();
          table.codec(message).encode(writer, value);
          return writer.bytes.slice(0, writer.at);
        });
        assert.deepEqual(written[1], written[0]);
        assert.deepEqual(written[2], written[0]);
        const [byService, byClient] = [part, client].map((table) => {
          const reader = new Reader();
          reader.reset(written[0]!, 0, written[0]!.length);
          return table.codec(table.number(number)!).decode(reader);
        });
        assert.deepEqual(byClient, byService);
      }
      for (const { name, number } of definition.shape.messages) {
        if (view.shape.messages.some((message) => message.number === number)) continue;
        assert.equal(part.number(number), undefined);
        assert.equal(part.name(name), undefined);
      }
    }),
    seeded("parts of definitions on the wire", 200),
  );
});

test("Views finds nothing by a hash that goes beyond what a client may use, but the whole", () => {
  const found = { own: 0, older: 0, none: 0 };
  fc.assert(
    fc.property(cases(5), ({ definition, allowed }) => {
      const views = new Views(new MessageTable(definition, DEFAULT_LIMITS));
      const all = allowed.map((set) => ({ set, rights: rightsOf(definition, set), view: viewOf(definition, set) }));
      const wholeHash = hashShape(definition.shape);
      for (const { rights } of all) views.of(rights);
      for (const { rights, set, view } of all) {
        assert.deepEqual(views.of(rights).definition, view);
        assert.equal(views.held(wholeHash, rights)!.definition, definition);
        assert.equal(views.held(new Uint8Array(32), rights), undefined);
        for (const other of all) {
          const held = views.held(hashShape(other.view.shape), rights);
          if (other.view === definition) continue;
          const isWithin = [...other.set].every((action) => set.has(action));
          found[isWithin ? other.set.size === set.size ? "own" : "older" : "none"]++;
          assert.deepEqual(held?.definition, isWithin ? other.view : undefined);
        }
      }
    }),
    seeded("views of definitions", 200),
  );
  assert.ok(Math.min(found.own, found.older, found.none) > 20, JSON.stringify(found));
});

test("Views remembers so many views, and gives each client its own all the same", () => {
  const names = Array.from({ length: 11 }, (_, i) => `M${i}`);
  const definition = parse(`
    ${names.map((name) => `${name} < >`).join(" ")} service Lab/Many { auth all receives ${names.join(", ")} }
  `);
  const views = new Views(new MessageTable(definition, DEFAULT_LIMITS));
  for (let round = 0; round < 2; round++) {
    for (let bits = 0; bits < 2 ** names.length; bits++) {
      const may = new Set(names.filter((_, i) => (bits & 1 << i) !== 0));
      const { shape } = views.of(new Rights(true, may, new Set())).definition;
      assert.deepEqual(shape.messages.map(({ name }) => name), [...may]);
    }
  }
});

check(
  "a client goes on with its session by the view that it was told, when it may do more meanwhile",
  async (scope) => {
    const standings: { [subject: string]: Standing } = { ada: { name: "ada", group: "users" } };
    let changed = () => {};
    const network = faultyNetwork(scope.memory());
    const { client, log, seen, server } = await lab(scope, {
      registry: {
        find: ({ subject }) => standings[subject],
        watch(callback) {
          changed = callback;
          return () => {};
        },
      },
    }, network);
    const own = client({ token: "ada" });
    await own.connect();
    const id = own.transportId;
    assert.throws(() => own.request("Job", { name: "sort" }), { code: "unknown-message" });

    standings["ada"] = { name: "ada", group: "production", properties: ["operator"] };
    changed();
    while (server.connections.get(id!)!.principal.group !== "production") await own.send("Note", { text: "" });
    for (let i = 0; i < 2; i++) {
      const resumed = comesTo(own, "resumed");
      network.lines.at(-1)!.cut();
      await resumed;
      assert.equal(own.transportId, id);
      // It speaks as before; what it may do now, it learns in a new session.
      assert.throws(() => own.request("Job", { name: "sort" }), { code: "unknown-message" });
    }
    assert.equal(seen.length, 1);
    assert.deepEqual(log.filter(({ level }) => level !== "info"), []);
    await own.close();
    const next = client({ token: "ada" });
    await next.connect();
    await next.request("Job", { name: "sort" });
  },
);
