import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { exportedNames } from "../../compiler/names.ts";
import type { Module, Service } from "../../idl/module.ts";

/** A module that declares these names; those with a `!` have an input. */
function named(declared: readonly string[], services: readonly string[] = []) {
  const names = declared.map((name) => name.replace("!", ""));
  const module: Module = {
    file: "test.msg",
    imports: [],
    declarations: names.map((name) => ({ kind: "record", name, docs: {}, type: { type: "record", fields: [] } })),
    services: services.map((name) => ({ name }) as Service),
  };
  const exported = exportedNames(module, (name) => declared.includes(`${name}!`));
  return { exported, services: module.services.map((service) => exported.service(service)) };
}

describe("exportedNames", () => {
  test("keeps names where it can", () => {
    const { exported, services } = named(["Ping", "Job!", "Date"], ["Framework/PingPong"]);
    assert.equal(exported.declaration("Ping"), "Ping");
    assert.equal(exported.declaration("Date"), "Date");
    assert.equal(exported.input("Job"), "JobInput");
    assert.deepEqual(services, [{
      value: "PingPong",
      types: "PingPongTypes",
      connect: "PingPongConnect",
      connectInput: "PingPongConnectInput",
    }]);
  });

  test("a name that TypeScript keeps for itself gets a $", () => {
    const { exported } = named(["delete", "number", "await"]);
    assert.deepEqual(["delete", "number", "await"].map(exported.declaration), ["delete$", "number$", "await$"]);
  });

  test("a declared name comes before a made-up one", () => {
    const { exported } = named(["Job!", "JobInput!", "JobInputInput"]);
    assert.equal(exported.declaration("JobInput"), "JobInput");
    assert.equal(exported.input("Job"), "JobInput$");
    assert.equal(exported.input("JobInput"), "JobInputInput$");
  });

  test("a service whose second half is taken has both halves", () => {
    const { services } = named(["PingPong"], ["Framework/PingPong", "A/Twice", "B/Twice"]);
    assert.deepEqual(services.map(({ value }) => value), ["FrameworkPingPong", "ATwice", "BTwice"]);
  });

  test("a service's other names give way too", () => {
    const { services } = named(["PingPongTypes", "PingPongConnect"], ["Framework/PingPong"]);
    assert.deepEqual(services[0], {
      value: "PingPong",
      types: "PingPongTypes$",
      connect: "PingPongConnect$",
      connectInput: "PingPongConnectInput",
    });
  });

  test("no two names are the same, whatever is declared", () => {
    const { exported, services } = named(
      ["A!", "AInput!", "AInputInput", "delete", "ABTypes", "ABConnect", "AB"],
      ["X/AB", "A/B", "X/A", "Y/A", "XA/B"],
    );
    const all = [
      ...["A", "AInput", "AInputInput", "delete", "ABTypes", "ABConnect", "AB"].map(exported.declaration),
      ...["A", "AInput"].map(exported.input),
      ...services.flatMap((names) => Object.values(names)),
    ];
    assert.equal(new Set(all).size, all.length, all.join(" "));
  });

  test("as many services as a file can hold are named in well under a second", () => {
    const names = Array.from({ length: 60_000 }, (_, index) => `A${index}/B${index >> 1}`);
    const start = performance.now();
    const { services } = named([], names);
    assert.ok(performance.now() - start < 2_000);
    assert.equal(new Set(services.map(({ value }) => value)).size, names.length);
  });
});
