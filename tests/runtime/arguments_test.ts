import assert from "node:assert/strict";
import { test } from "node:test";
import { Client, parse, serve } from "../../mod.ts";

const definition = parse("Ping < id: int > service Lab/Ping { auth all receives Ping }");

test("serve refuses what can't be called where a function is to be, before it listens", async () => {
  for (const name of ["log", "onConnect", "onDrop"]) {
    const options = { cert: "", key: "", messages: {}, [name]: console } as unknown;
    const expected = { code: "invalid-argument", message: `The option "${name}" must be a function.` };
    await assert.rejects(serve(definition, options as never), expected);
  }
});

test("a client refuses what can't be called where a function is to be", () => {
  for (const name of ["log", "random"]) {
    assert.throws(() => new Client("tls://localhost:1/Lab/Ping", definition, { [name]: console } as never), {
      code: "invalid-argument",
      message: `The option "${name}" must be a function.`,
    });
  }
});
