import assert from "node:assert/strict";
import {
  Client,
  type ConnectOptions,
  type Definition,
  type HoldfastError,
  parse,
  serve,
  type UnknownService,
} from "../../mod.ts";
import { check, type Scope } from "../harness.ts";

const CLAUSES = "connect < name: string > receives Note  receives Submit -> Accepted  sends Event, Extra";
const service = (text: string) => parse(`${text}\n service Lab/Jobs { auth all ${CLAUSES} }`);
const OLD = service(`
  enum Level { debug, info }
  Note < text: string, level: Level, gone?: int >
  Submit < id: int, tags: list<string> >
  Accepted < id: int, by: string >
  Event < id: int, level: Level, note?: string >
  Extra < value: int >
`);
const NEW = service(`
  enum Level { debug, info, warning }
  Note < text: string, level: Level, color: string = "red" >
  Submit < id: int|long, tags: list<string>, priority?: int >
  Accepted < id: int, by: string, at?: timestamp >
  Event < id: int, level: Level, note: string = "none" >
  Extra < value: string >
`);

interface Lab {
  readonly received: unknown[];
  connect(own: Definition | undefined, options?: ConnectOptions<UnknownService>): Promise<Client>;
  push(client: Client, name: string, message: Record<string, unknown>): Promise<void>;
  broadcast(name: string, message: Record<string, unknown>): number;
}

async function start(scope: Scope, definition: Definition): Promise<Lab> {
  const network = scope.memory();
  const received: unknown[] = [];
  const server = await serve(definition, {
    cert: "",
    key: "",
    network,
    onConnect: (_connection, args) => void received.push(args),
    messages: definition.shape.messages.length === 0 ? {} : {
      Note: (note) => void received.push(note),
      Submit(submit) {
        received.push(submit);
        const at = definition === NEW ? { at: new Date(0) } : {};
        return { id: 1, by: "lab", ...at };
      },
    },
  });
  scope.cleanup(() => server.close());
  return {
    received,
    async connect(own, options = {}) {
      const client = new Client(server.url, own, { network, args: { name: "kit" }, ...options });
      scope.cleanup(() => client.close());
      await client.connect();
      return client;
    },
    push: (client, name, message) => server.send(client.transportId!, name, message, { acknowledge: true }),
    broadcast: (name, message) => server.broadcast(name, message),
  };
}

check("an older client: what fits works, converted both ways", async (scope) => {
  const { connect, received, push } = await start(scope, NEW);
  const events: unknown[] = [];
  const client = await connect(OLD, { messages: { Event: (event) => void events.push(event) } });
  await client.send("Note", { text: "hi", level: "info", gone: 1 }, { acknowledge: true });
  assert.deepEqual(received.pop(), { text: "hi", level: "info", color: "red" });
  assert.deepEqual(await client.request("Submit", { id: 3, tags: ["a"] }), { id: 1, by: "lab" });
  assert.deepEqual(received.pop(), { id: 3, tags: ["a"] });
  assert.deepEqual(client.misfits.map(({ message, direction }) => `${direction} ${message}`), [
    "sends Event",
    "sends Extra",
  ]);
  assert.match(client.misfits[0]!.problems.join(), /Event\.level.*warning/);
  assert.throws(() => client.on("Event", () => {}), { code: "incompatible", message: /Event\.level/ });
  // The service knows: it neither pushes them to this client nor pretends to.
  await assert.rejects(async () => await push(client, "Event", { id: 1, level: "info" }), { code: "incompatible" });
  assert.deepEqual(events, []);
});

check("a newer client: what fits works, and what does not fails before it is sent", async (scope) => {
  const { connect, received, push, broadcast } = await start(scope, OLD);
  const events: unknown[] = [];
  const client = await connect(NEW, { messages: { Event: (event) => void events.push(event) } });
  await push(client, "Event", { id: 1, level: "debug" });
  assert.deepEqual(events, [{ id: 1, level: "debug", note: "none" }]);
  const before = received.length;
  assert.throws(() => client.send("Note", { text: "hi", level: "info" }), {
    code: "incompatible",
    message: /Note\.level.*warning/,
  });
  assert.throws(() => client.request("Submit", { id: 3, tags: [] }), { code: "incompatible", message: /Submit\.id/ });
  assert.equal(received.length, before);
  // One client is told nothing; another, which can take it, is.
  const other = await connect(undefined);
  const extras = other.messages("Extra");
  assert.equal(broadcast("Extra", { value: 5 }), 1);
  assert.deepEqual((await extras.next()).value, { value: 5 });
});

check("a client's own definition is what its values are checked against", async (scope) => {
  const { connect } = await start(scope, NEW);
  const client = await connect(OLD);
  for (const note of [{ text: "hi", level: "warning" }, { text: "hi", level: "info", color: "blue" }, null]) {
    assert.throws(() => client.send("Note", note as never), { code: "invalid-message" });
  }
});

check("a client that wants all to fit is not connected, and told what does not", async (scope) => {
  const { connect } = await start(scope, NEW);
  await assert.rejects(connect(OLD, { misfits: "refuse" }), (error: HoldfastError) => {
    assert.equal(error.code, "incompatible");
    assert.match(error.message, /Event\.level/);
    assert.match(error.message, /Extra\.value/);
    return true;
  });
  const client = await connect(NEW, { misfits: "refuse" });
  assert.deepEqual(client.misfits, []);
});

check("connect arguments that do not fit refuse the connection", async (scope) => {
  const wants = parse("service Lab/Jobs { auth all connect < name: string, team: string > }");
  const { connect } = await start(scope, wants);
  const own = parse("service Lab/Jobs { auth all connect < name: string > }");
  await assert.rejects(connect(own), { code: "incompatible", message: /connect.*team/s });
});

check("a client finds a service with another definition when it comes back", async (scope) => {
  const network = scope.memory();
  const serveOn = async (definition: Definition, port: number) => {
    const messages = { Note: () => {}, Submit: () => ({ id: 1, by: "lab" }) };
    const server = await serve(definition, { cert: "", key: "", network, port, messages });
    scope.cleanup(() => server.close());
    return server;
  };
  const first = await serveOn(OLD, 0);
  const options = { network, args: { name: "kit" }, reconnect: { first: 1, most: 10 } };
  const clients = [new Client(first.url, undefined, options), new Client(first.url, OLD, options)];
  for (const client of clients) {
    scope.cleanup(() => client.close());
    await client.connect();
    await client.send("Note", { text: "hi", level: "info" });
  }
  await first.close();
  await serveOn(NEW, first.port);
  const [discovering, compiled] = clients as [Client, Client];
  await Promise.all(clients.map((client) => client.connect()));
  await discovering.send("Note", { text: "hi", level: "warning", color: "blue" }, { acknowledge: true });
  await compiled.send("Note", { text: "hi", level: "info" }, { acknowledge: true });
  assert.deepEqual(compiled.misfits.map(({ message }) => message), ["Event", "Extra"]);
});
