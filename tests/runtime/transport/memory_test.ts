import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { memoryNetwork, type MemoryNetworkOptions } from "../../../runtime/transport/memory.ts";
import type { StreamEvents } from "../../../runtime/transport/transport.ts";
import { check, type Scope } from "../../harness.ts";
import { transportCases } from "./cases.ts";
import { connect, type Pair, pair, pattern, type Subject } from "./subject.ts";

transportCases(subject({}));
transportCases(subject({ chunkSize: 1021 }));

function subject(options: MemoryNetworkOptions): Subject {
  const name = ["memory", ...Object.entries(options).map(([name, value]) => `${name} ${value}`)].join(", ");
  return { name, network: memoryNetwork(options), tls: false, lacks: {} };
}

function open(t: Scope, options: MemoryNetworkOptions): Promise<Pair> {
  return pair(t, subject(options));
}

check("memoryNetwork: chunkSize splits and puts together", async (t) => {
  const { client, service, serviceEar } = await open(t, { chunkSize: 4 });
  const sizes: number[] = [];
  serviceEar.onData = () => sizes.push(serviceEar.size);
  for (const size of [1, 2, 3, 7]) client.write(new Uint8Array(size));
  await serviceEar.received(13);
  assert.deepEqual(sizes, [4, 8, 12, 13]);
  service.close();
});

check("memoryNetwork: without chunkSize, what is written in a turn arrives together", async (t) => {
  const { client, serviceEar } = await open(t, {});
  let chunks = 0;
  serviceEar.onData = () => chunks++;
  for (let count = 0; count < 100; count++) client.write(new Uint8Array(10));
  await serviceEar.received(1000);
  assert.equal(chunks, 1);
});

check("memoryNetwork: a chunk's memory is wiped after the call", async (t) => {
  const network = memoryNetwork();
  let kept: Uint8Array | undefined;
  const events: StreamEvents = { data: (chunk) => void (kept = chunk), closed() {} };
  const listener = await t.network(network).listen(
    { hostname: "", port: 0, cert: "", key: "", alpn: [], handshakeTimeout: 0 },
    () => events,
  );
  t.cleanup(() => listener.close());
  const client = await connect(t, { ...subject({}), network }, { port: listener.port, alpn: [] });
  client.write(new Uint8Array([1, 2, 3]));
  await turn();
  await turn();
  assert.deepEqual([...kept!], [0xee, 0xee, 0xee]);
});

check("memoryNetwork: bytes are read when they leave, so changing them earlier is seen", async (t) => {
  const { client, serviceEar } = await open(t, {});
  const bytes = new Uint8Array([1, 2, 3]);
  client.write(bytes);
  bytes[1] = 9;
  assert.deepEqual([...await serviceEar.received(3)], [1, 9, 3]);
});

check("memoryNetwork: from highWater on a writer waits until fewer bytes are on their way", async (t) => {
  const { client, serviceEar } = await open(t, { highWater: 1000 });
  assert.equal(client.write(new Uint8Array(999)), undefined);
  const room = client.write(new Uint8Array(1));
  assert.ok(room);
  assert.equal(client.write(new Uint8Array(5)), room, "one promise for all who wait");
  await room;
  assert.equal(serviceEar.size, 1005);
  assert.equal(client.write(new Uint8Array(1)), undefined);
});

check("memoryNetwork: one turn carries 64 KiB, so that a writer of much waits for several", async (t) => {
  const { client, serviceEar } = await open(t, {});
  const all = pattern(200_000);
  const room = client.write(all);
  await turn();
  assert.equal(serviceEar.size, 65_536);
  await room;
  assert.ok(serviceEar.size >= 200_000 - 65_536);
});

check("memoryNetwork: ports are given away one by one, never one that is taken", async (t) => {
  const network = t.memory();
  const options = { hostname: "", cert: "", key: "", alpn: [], handshakeTimeout: 0 };
  const events: StreamEvents = { data() {}, closed() {} };
  const ports: number[] = [];
  for (const port of [49_153, 0, 0]) {
    const listener = await network.listen({ ...options, port }, () => events);
    t.cleanup(() => listener.close());
    ports.push(listener.port);
  }
  assert.deepEqual(ports, [49_153, 49_152, 49_154]);
});
