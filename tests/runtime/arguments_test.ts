import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Client,
  connect,
  type Handlers,
  type HoldfastError,
  type LogRecord,
  memoryNetwork,
  parse,
  serve,
  type UnknownService,
} from "../../mod.ts";

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

test("a call refuses an option that there is not, and says which was meant", async () => {
  const scope = { network: memoryNetwork(), log: () => {} };
  const talk = parse(
    "Ping < id: int > Pong < id: int > service Lab/Ping { auth all receives Ping -> Pong, Pong sends Pong }",
  );
  await using server = await serve(talk, {
    ...scope,
    cert: "",
    key: "",
    messages: { Ping: () => ({ id: 1 }), Pong() {} },
  });
  await using client = await connect(server.url, talk, scope);
  const connection = server.connections.get(client.transportId!)!;
  const one = { id: 1 };
  const refused = (call: () => unknown, what: string, option: string, meant: string) =>
    assert.throws(call, {
      code: "invalid-argument",
      message: `${what} has no option "${option}". Did you mean "${meant}"?`,
    });
  const acknowledge = { acknowlege: true } as never;
  refused(() => client.send("Pong", one, acknowledge), "send()", "acknowlege", "acknowledge");
  refused(() => connection.send("Pong", one, acknowledge), "send()", "acknowlege", "acknowledge");
  refused(() => server.send(client.transportId!, "Pong", one, acknowledge), "send()", "acknowlege", "acknowledge");
  refused(() => client.request("Ping", one, { signall: 1 } as never), "request()", "signall", "signal");
  refused(() => connection.request("Pong", one, { signall: 1 } as never), "request()", "signall", "signal");
  refused(() => client.messages("Pong", { signall: 1 } as never), "messages()", "signall", "signal");
  refused(() => server.broadcast("Pong", one, { overflows: "wait" } as never), "broadcast()", "overflows", "overflow");
  refused(() => server.snapshot({ limits: 1 } as never), "snapshot()", "limits", "limit");
  refused(() => server.close({ timeouts: 1 } as never), "close()", "timeouts", "timeout");
  await assert.rejects(client.connect({ signall: 1 } as never), { code: "invalid-argument" });
  const { signal } = new AbortController();
  for (const options of [signal, null, 7] as never[]) {
    const message = "request() takes its options in an object, as in { signal }.";
    assert.throws(() => client.request("Ping", one, options), { code: "invalid-argument", message });
  }
  const message = "close() takes its options in an object, as in { spread }.";
  assert.throws(() => server.close(null as never), { code: "invalid-argument", message });
  await client.send("Pong", one, { acknowledge: true });
});

test("a send refuses what its options can't be", async () => {
  const scope = { network: memoryNetwork(), log: () => {} };
  await using server = await serve(definition, { ...scope, cert: "", key: "", messages: { Ping() {} } });
  await using client = await connect(server.url, definition, scope);
  for (const options of [{ acknowledge: "yes" }, { overflow: "drop-latest" }, { overflow: { newest: "a" } }]) {
    const [name] = Object.keys(options);
    assert.throws(() => client.send("Ping", { id: 1 }, options as never), (error: HoldfastError) => {
      assert.equal(error.code, "invalid-argument");
      assert.match(error.message, new RegExp(`^The option "${name}" must be `));
      return true;
    });
  }
});

test("serve says once in the log which messages have no handler, and refuses handlers of those that there are not", async () => {
  const talk = parse(
    "Ping < > Ask < > Answer < > service Lab/Ping { auth all receives Ping, Ask -> Answer sends Answer }",
  );
  const scope = { network: memoryNetwork(), cert: "", key: "" };
  const logged = async (messages: object) => {
    const records: LogRecord[] = [];
    const log = (record: LogRecord) => void records.push(record);
    await using _server = await serve(talk, { ...scope, log, messages: messages as Handlers<UnknownService> });
    return records.map(({ level, message }) => `${level}: ${message.slice(0, message.indexOf(":"))}`);
  };
  assert.deepEqual(await logged({}), ["warning: Lab/Ping has no handler for Ping, Ask"]);
  assert.deepEqual(await logged({ Ping() {} }), ["warning: Lab/Ping has no handler for Ask"]);
  assert.deepEqual(await logged({ Ping() {}, Ask: () => ({}) }), []);
  for (const name of ["Pin", "Answer"]) {
    await assert.rejects(logged({ [name]() {} }), { code: "invalid-argument" });
  }
});
