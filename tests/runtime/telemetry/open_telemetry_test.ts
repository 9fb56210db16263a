import * as api from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";
import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import {
  Client,
  type ConnectOptions,
  Failure,
  openTelemetry,
  parse,
  serve,
  type ServeOptions,
  type Telemetry,
  type UnknownService,
} from "../../../mod.ts";
import type { Network } from "../../../runtime/transport/transport.ts";
import { Decoder } from "../../../runtime/wire/native/decoder.ts";
import { MESSAGE, REQUEST, TRACED_MESSAGE, TRACED_REQUEST } from "../../../runtime/wire/native/kinds.ts";
import { faultyNetwork } from "../../faulty_network.ts";
import { check, type Scope } from "../../harness.ts";
import { followContexts, type Kit, kit } from "./kit.ts";

const LAB = parse(`
  Note < id: int >
  Ask < id: int >
  Answer < id: int >
  service Lab/Traces { auth all  receives Note  receives Ask -> Answer  sends Note  sends Ask -> Answer }
`);

interface Lab {
  readonly service: Kit;
  readonly client: Kit;
  readonly network: ReturnType<typeof faultyNetwork>;
  readonly connection: Client<UnknownService>;
  readonly server: Awaited<ReturnType<typeof serve<UnknownService>>>;
}

async function start(
  scope: Scope,
  serving: Partial<ServeOptions<UnknownService>> = {},
  connecting: ConnectOptions<UnknownService> = {},
  over: (network: Network) => Network = (network) => network,
): Promise<Lab> {
  followContexts(scope);
  const service = kit();
  const client = kit();
  const network = faultyNetwork(over(scope.memory()));
  const { messages, ...rest } = serving;
  const server = await serve(LAB, {
    cert: "",
    key: "",
    network,
    log: () => {},
    telemetry: service.telemetry,
    messages: { Note: () => {}, Ask: ({ id }) => ({ id }), ...messages },
    ...rest,
  });
  scope.cleanup(() => server.close({ timeout: 1 }));
  const connection = new Client<UnknownService>(server.url, undefined, {
    network,
    log: () => {},
    random: () => 0,
    telemetry: client.telemetry,
    ...connecting,
  });
  scope.cleanup(() => connection.close());
  await connection.connect();
  return { service, client, network, connection, server };
}

/** Waits for so many spans to have ended. */
async function ended({ spans }: Kit, count: number): Promise<ReadableSpan[]> {
  while (spans().length < count) await setTimeout(1);
  return spans();
}

/** A network that tells the kinds of the frames that clients write. */
function listening(network: Network, kinds: number[]): Network {
  return {
    listen: (options, accept) =>
      network.listen(options, (stream) => {
        const decoder = new Decoder({ frame: (kind) => void kinds.push(kind) }, 2 ** 20);
        const events = accept(stream);
        return {
          data(chunk) {
            decoder.push(chunk);
            events.data(chunk);
          },
          closed: (cause) => events.closed(cause),
        };
      }),
    connect: (options, events) => network.connect(options, events),
  };
}

const names = (spans: readonly ReadableSpan[]) => spans.map(({ name }) => name);

check("openTelemetry: a request has a span at both sides, the one a child of the other", async (t) => {
  const { client, connection, service, server } = await start(t);
  await client.tracer.startActiveSpan("work", async (work) => {
    await connection.request("Ask", { id: 1 });
    work.end();
  });
  const [asked, work] = await ended(client, 2);
  const [answered] = await ended(service, 1);
  assert.equal(asked!.name, "Lab/Traces/Ask");
  assert.equal(asked!.kind, api.SpanKind.CLIENT);
  assert.equal(asked!.parentSpanContext?.spanId, work!.spanContext().spanId);
  assert.deepEqual(asked!.attributes, {
    "rpc.system.name": "holdfast",
    "rpc.method": "Lab/Traces/Ask",
    "server.address": "localhost",
    "server.port": server.port,
    "holdfast.transport_id": connection.transportId,
  });
  assert.equal(answered!.name, "Lab/Traces/Ask");
  assert.equal(answered!.kind, api.SpanKind.SERVER);
  assert.equal(answered!.spanContext().traceId, work!.spanContext().traceId);
  assert.equal(answered!.parentSpanContext?.spanId, asked!.spanContext().spanId);
  assert.equal(answered!.parentSpanContext?.isRemote, true);
  assert.equal(answered!.attributes["holdfast.transport_id"], connection.transportId);
});

check("openTelemetry: a message's handler is a child of what it was sent in, and what it sends goes on", async (t) => {
  let heard = (): void => {};
  const handled = new Promise<void>((resolve) => heard = resolve);
  const { client, connection, service } = await start(t, {
    messages: {
      Note: async ({ id }, connection) => {
        await setTimeout(2);
        await connection.send("Note", { id });
        await connection.request("Ask", { id });
      },
      Ask: ({ id }) => ({ id }),
    },
  }, { messages: { Note: () => heard(), Ask: ({ id }) => ({ id }) } });
  const state = api.createTraceState("congo=t61rcWkgMzE");
  const parent = { traceId: "1".repeat(32), spanId: "2".repeat(16), traceFlags: 1, traceState: state };
  await api.context.with(api.trace.setSpanContext(api.ROOT_CONTEXT, parent), () => connection.send("Note", { id: 1 }));
  await handled;
  const [asked, processed] = await ended(service, 2);
  assert.equal(processed!.name, "process Lab/Traces/Note");
  assert.equal(processed!.kind, api.SpanKind.CONSUMER);
  assert.equal(processed!.parentSpanContext?.spanId, parent.spanId);
  assert.equal(processed!.spanContext().traceState?.serialize(), "congo=t61rcWkgMzE");
  assert.deepEqual(processed!.attributes, {
    "messaging.system": "holdfast",
    "messaging.operation.name": "process",
    "messaging.operation.type": "process",
    "messaging.destination.name": "Lab/Traces/Note",
    "holdfast.transport_id": connection.transportId,
  });
  assert.equal(asked!.parentSpanContext?.spanId, processed!.spanContext().spanId);
  const back = await ended(client, 2);
  assert.deepEqual(names(back), ["process Lab/Traces/Note", "Lab/Traces/Ask"]);
  assert.equal(back[0]!.parentSpanContext?.spanId, processed!.spanContext().spanId);
  assert.equal(back[1]!.parentSpanContext?.spanId, asked!.spanContext().spanId);
});

check(
  "openTelemetry: what was sent in the course of nothing is a trace of its own, whatever made the line",
  async (t) => {
    const { client, service, server, network } = await start(t);
    await client.tracer.startActiveSpan("connects", async (span) => {
      const other = new Client<UnknownService>(server.url, undefined, {
        network,
        log: () => {},
        telemetry: client.telemetry,
      });
      t.cleanup(() => other.close());
      await other.connect();
      span.end();
      await api.context.with(api.ROOT_CONTEXT, () => other.send("Note", { id: 1 }, { acknowledge: true }));
    });
    const [processed] = await ended(service, 1);
    assert.equal(processed!.parentSpanContext, undefined);
  },
);

check("openTelemetry: errors stand in spans and measurements, by their codes", async (t) => {
  const { client, connection, service } = await start(t, {
    messages: {
      Ask: ({ id }) => {
        if (id === 1) throw new Failure("Not one.");
        return (id === 2 ? { id: "two" } : { id }) as { id: number };
      },
      Note: () => Promise.reject(new Error("secret")),
    },
  });
  await assert.rejects(connection.request("Ask", { id: 1 }), { code: "handler-failed" });
  await assert.rejects(connection.request("Ask", { id: 2 }), { code: "internal" });
  assert.throws(() => void connection.request("Ask", { id: "x" as unknown as number }), { code: "invalid-message" });
  await assert.rejects(connection.send("Note", { id: 1 }, { acknowledge: true }), { code: "internal" });
  const errors = (spans: readonly ReadableSpan[]) =>
    spans.map(({ attributes, status }) => [attributes["error.type"], status.code]);
  const { ERROR } = api.SpanStatusCode;
  assert.deepEqual(errors(await ended(client, 3)), [["handler-failed", ERROR], ["internal", ERROR], [
    "invalid-message",
    ERROR,
  ]]);
  assert.deepEqual(errors(await ended(service, 3)), [["handler-failed", ERROR], ["internal", ERROR], [
    "internal",
    ERROR,
  ]]);
  const told = JSON.stringify(
    (await ended(service, 3)).map(({ attributes, events, status }) => [attributes, events, status]),
  );
  assert.doesNotMatch(told, /secret|Not one/);
  const calls = await service.measured("rpc.server.call.duration");
  assert.deepEqual(calls.map(({ attributes, value }) => [attributes["error.type"], value]), [["handler-failed", 1], [
    "internal",
    1,
  ]]);
  const ends = await service.measured("holdfast.session.duration");
  assert.deepEqual(ends.map(({ attributes, value }) => [attributes["error.type"], value]), [["internal", 1]]);
});

check("openTelemetry: what is sent again after a break keeps its context", async (t) => {
  const { client, connection, network, service } = await start(t);
  network.lines.at(-1)!.freeze();
  await client.tracer.startActiveSpan("work", async (work) => {
    const replied = connection.request("Ask", { id: 1 });
    const handled = connection.send("Note", { id: 1 }, { acknowledge: true });
    await setTimeout(5);
    network.lines.at(-1)!.cut();
    await Promise.all([replied, handled]);
    work.end();
  });
  const work = (await ended(client, 2)).at(-1)!.spanContext();
  const [answered, processed] = await ended(service, 2);
  assert.equal(answered!.spanContext().traceId, work.traceId);
  assert.equal(processed!.parentSpanContext?.spanId, work.spanId);
  assert.deepEqual((await client.measured("holdfast.resumptions")).map(({ value }) => value), [1]);
  assert.deepEqual((await service.measured("holdfast.resumptions")).map(({ value }) => value), [1]);
});

check("openTelemetry: a broadcast carries the context to each client that takes it, and harms no other", async (t) => {
  const heard: number[] = [];
  const messages: NonNullable<ConnectOptions<UnknownService>["messages"]> = {
    Note: ({ id }) => void heard.push(id),
  };
  const { client, network, server, service } = await start(t, {}, { messages });
  const plain = new Client<UnknownService>(server.url, undefined, { network, log: () => {}, messages });
  t.cleanup(() => plain.close());
  await plain.connect();
  service.tracer.startActiveSpan("tick", (tick) => {
    assert.equal(server.broadcast("Note", { id: 7 }), 2);
    tick.end();
  });
  const [processed] = await ended(client, 1);
  assert.equal(processed!.parentSpanContext?.spanId, service.spans()[0]!.spanContext().spanId);
  while (heard.length < 2) await setTimeout(1);
  assert.deepEqual(heard, [7, 7]);
  assert.deepEqual((await service.measured("messaging.client.sent.messages")).map(({ value }) => value), [2]);
});

for (const [watched, side] of [[true, "client"], [false, "service"]] as const) {
  check(`openTelemetry: a peer without it is unharmed (only the ${side} is watched)`, async (t) => {
    const nobody = { telemetry: undefined } as unknown as object;
    const kinds: number[] = [];
    const { client, connection, service } = await start(
      t,
      watched ? nobody : {},
      watched ? {} : nobody,
      (network) => listening(network, kinds),
    );
    await client.tracer.startActiveSpan("work", async (work) => {
      await connection.send("Note", { id: 1 }, { acknowledge: true });
      assert.deepEqual({ ...await connection.request("Ask", { id: 2 }) }, { id: 2 });
      work.end();
    });
    const spans = watched ? await ended(client, 2) : await ended(service, 2);
    const { traceId } = client.spans().at(-1)!.spanContext();
    assert.deepEqual(
      spans.map((span) => [span.name, span.spanContext().traceId === traceId]),
      watched
        ? [["Lab/Traces/Ask", true], ["work", true]]
        : [["process Lab/Traces/Note", false], ["Lab/Traces/Ask", false]],
    );
    assert.ok(kinds.includes(MESSAGE) && kinds.includes(REQUEST));
    assert.ok(!kinds.includes(TRACED_MESSAGE) && !kinds.includes(TRACED_REQUEST));
  });
}

check("openTelemetry: measures connections, sessions, messages, bytes, and the times of handlers", async (t) => {
  const { client, connection, service } = await start(t);
  await connection.send("Note", { id: 1 }, { acknowledge: true });
  for (let id = 0; id < 3; id++) await connection.request("Ask", { id });
  const side = { "holdfast.side": "client" };
  const session = { ...side, "holdfast.service": "Lab/Traces" };
  const note = { "messaging.system": "holdfast", "messaging.destination.name": "Lab/Traces/Note" };
  const ask = { "rpc.system.name": "holdfast", "rpc.method": "Lab/Traces/Ask" };
  const one = async (side: Kit, name: string) => {
    const found = await side.measured(name);
    assert.equal(found.length, 1, name);
    return found[0];
  };
  assert.deepEqual(await one(client, "holdfast.connections"), { unit: "{connection}", attributes: side, value: 1 });
  assert.deepEqual(await one(client, "holdfast.sessions"), { unit: "{session}", attributes: session, value: 1 });
  assert.deepEqual(await one(client, "messaging.client.sent.messages"), {
    unit: "{message}",
    attributes: { ...note, "messaging.operation.name": "send" },
    value: 1,
  });
  const processed = { ...note, "messaging.operation.name": "process" };
  assert.deepEqual(await one(service, "messaging.client.consumed.messages"), {
    unit: "{message}",
    attributes: processed,
    value: 1,
  });
  assert.deepEqual(await one(service, "messaging.process.duration"), { unit: "s", attributes: processed, value: 1 });
  assert.deepEqual(await one(service, "rpc.server.call.duration"), { unit: "s", attributes: ask, value: 3 });
  assert.deepEqual(await one(client, "rpc.client.call.duration"), { unit: "s", attributes: ask, value: 3 });
  const io = async ({ measured }: Kit, direction: string) =>
    (await measured("holdfast.io")).find(({ attributes }) => attributes["network.io.direction"] === direction)!;
  assert.equal((await io(client, "transmit")).unit, "By");
  await connection.close();
  assert.equal((await io(client, "transmit")).value, (await io(service, "receive")).value);
  assert.ok((await io(client, "receive")).value > 50);
  assert.equal((await one(client, "holdfast.connections"))?.value, 0);
  assert.equal((await one(client, "holdfast.sessions"))?.value, 0);
  const { attributes, value } = (await one(client, "holdfast.session.duration"))!;
  assert.deepEqual([attributes, value], [session, 1]);
});

check("openTelemetry: measures what waits for the window, however its waiting ends", async (t) => {
  let open = (): void => {};
  const gate = new Promise<void>((resolve) => open = resolve);
  const { client, connection } = await start(t, {
    limits: { window: 1, handlers: 1 },
    messages: { Note: () => gate },
  });
  const waits = async () =>
    (await client.measured("holdfast.window.wait.duration")).map(({ unit, value }) => [unit, value]);
  const calling = new AbortController();
  // The first fills the window by itself.
  const sends = [1, 2, 3].map((id) => connection.send("Note", { id }, { acknowledge: id === 3 }));
  const off = connection.send("Note", { id: 4 }, { signal: calling.signal });
  assert.deepEqual(await waits(), []);
  calling.abort();
  await assert.rejects(off, { code: "cancelled" });
  assert.deepEqual(await waits(), [["s", 1]]);
  open();
  await Promise.all(sends);
  assert.deepEqual(await waits(), [["s", 3]]);
  const dropped = [5, 6, 7].map((id) => connection.send("Note", { id }, { overflow: { latest: "one" } }));
  await assert.rejects(dropped[1]!, { code: "dropped" });
  await Promise.all([dropped[0], dropped[2]]);
  assert.deepEqual(await waits(), [["s", 5]]);
});

check("openTelemetry: with traces turned off, it measures, and carries nothing", async (t) => {
  const quiet = kit({ traces: false });
  const { client, connection, service } = await start(t, {}, { telemetry: quiet.telemetry });
  await client.tracer.startActiveSpan("work", async (work) => {
    await connection.request("Ask", { id: 1 });
    work.end();
  });
  assert.equal(quiet.spans().length, 0);
  assert.equal((await quiet.measured("rpc.client.call.duration"))[0]?.value, 1);
  const [answered] = await ended(service, 1);
  assert.equal(answered!.parentSpanContext, undefined);
});

check("openTelemetry: without an SDK, nothing comes of it, and all goes on", async (t) => {
  const nothing = openTelemetry(api);
  const { connection } = await start(t, { telemetry: nothing }, { telemetry: nothing });
  await connection.send("Note", { id: 1 }, { acknowledge: true });
  assert.deepEqual({ ...await connection.request("Ask", { id: 2 }) }, { id: 2 });
});

check("openTelemetry: whoever mistakes the API for what watches is told so", async () => {
  const wrong = api as unknown as Telemetry;
  const invalid = { code: "invalid-argument", message: /openTelemetry\(api\)/ };
  assert.throws(() => new Client("tls://localhost:1/Lab/Traces", LAB, { telemetry: wrong }), invalid);
  await assert.rejects(serve(LAB, { cert: "", key: "", messages: {}, telemetry: wrong }), invalid);
  assert.throws(() => openTelemetry(undefined as never), { code: "invalid-argument", message: /import \* as api/ });
  const misspelt = { trace: false } as object;
  assert.throws(() => openTelemetry(api, misspelt), { code: "invalid-argument", message: /"trace".*"traces"/ });
});
