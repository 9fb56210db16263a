/** Each test's name says what becomes of it. Run by `harness_test.ts`. */

import { once } from "node:events";
import { createServer } from "node:net";
import { deferred } from "../../../runtime/promises.ts";
import { Gate } from "../../../runtime/transport/gate.ts";
import { nodeNetwork } from "../../../runtime/transport/node.ts";
import { nativeNetwork } from "../../../runtime/transport/runtime.ts";
import type { Listener, Network, StreamEvents } from "../../../runtime/transport/transport.ts";
import { check, testCertificate } from "../../harness.ts";

const SOON = { grace: 100 };
const DEAF: StreamEvents = { data() {}, closed() {} };

async function listen(network: Network): Promise<Listener> {
  const { cert, key } = await testCertificate();
  return network.listen({ hostname: "127.0.0.1", port: 0, cert, key, alpn: [], handshakeTimeout: 1000 }, () => DEAF);
}

async function open(network: Network, port: number) {
  const { ca } = await testCertificate();
  return await network.connect({ hostname: "127.0.0.1", port, ca, alpn: [] }, DEAF);
}

check("passes: nothing left", () => {});

check("passes: timers that have fired or were cleared", async () => {
  clearTimeout(setTimeout(() => {}, 100_000));
  clearInterval(setInterval(() => {}, 100_000));
  clearImmediate(setImmediate(() => {}));
  await new Promise((resolve) => setTimeout(resolve, 1));
});

check("passes: promises that are settled", async () => {
  const gate = new Gate();
  const waiting = gate.wait();
  gate.open();
  await waiting;
});

check("passes: a promise that the test itself made", () => void deferred<void>());

for (const network of [nodeNetwork(), nativeNetwork()]) {
  check("passes: what cleanup ends", async (t) => {
    const listener = await listen(t.network(network));
    t.cleanup(() => listener.close());
    const stream = await open(t.network(network), listener.port);
    t.cleanup(() => stream.close());
  });
}

check("fails: a timeout", () => void setTimeout(() => {}, 100_000), SOON);
check("fails: an interval", () => void setInterval(() => {}, 100_000), SOON);
check("fails: a pending promise", () => void new Gate().wait(), SOON);
check("fails: a listener in memory", async (t) => void await listen(t.memory()), SOON);
check("fails: a stream in memory", async (t) => {
  const network = t.memory();
  const listener = await listen(network);
  await open(network, listener.port);
  await listener.close();
}, SOON);
check("fails: something counted", (t) => t.none("sessions", () => 1), SOON);
check("fails: a listener of the runtime", async () => void await listen(nativeNetwork()), SOON);
check("fails: a stream of the runtime", async () => {
  const listener = await listen(nativeNetwork());
  await open(nativeNetwork(), listener.port);
}, SOON);
check("fails: a socket that the project did not open", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
}, SOON);
check("fails: a test that is not done in time", async () => {
  await new Promise(() => {});
}, { timeout: 50 });
check("fails: a test that fails", () => {
  throw new Error("It failed.");
});
check("passes: the test after one that failed", () => {});
