import assert from "node:assert/strict";
import { Client, type HoldfastError, type LastFrame, parse, serve, type Status } from "../../mod.ts";
import { encodePing } from "../../runtime/wire/native/handshake.ts";
import { PING } from "../../runtime/wire/native/kinds.ts";
import { faultyNetwork } from "../faulty_network.ts";
import { check, type Scope } from "../harness.ts";
import { RawClient } from "./raw_client.ts";

const LAB = parse(`
  Count < id: int, secret?: string >
  Ask < id: int >
  Answer < id: int >
  service Lab/Frames { auth all  receives Count  receives Ask -> Answer  sends Count }
`);

async function start(scope: Scope) {
  const network = faultyNetwork(scope.memory());
  const reasons: HoldfastError[] = [];
  const refused: unknown[] = [];
  const server = await serve(LAB, {
    cert: "",
    key: "",
    network,
    log: ({ event, error }) => void (event === "refused" && refused.push(error)),
    onDrop: (_connection, reason) => void reasons.push(reason),
    messages: { Count: () => {}, Ask: ({ id }) => ({ id }) },
  });
  scope.cleanup(() => server.close({ timeout: 0 }));
  const raw = { network, port: server.port, ca: "", definition: LAB };
  return { network, raw, reasons, refused, server };
}

/** Frames in words, without their sizes and ages. */
function words(frames: readonly LastFrame[] | undefined): string[] | undefined {
  return frames?.map(({ direction, kind, number }) =>
    `${direction} ${kind}${number === undefined ? "" : ` ${number}`}`
  );
}

check("error.frames: of a peer that breaks the protocol, its last frame is the culprit", async (t) => {
  const { raw, reasons } = await start(t);
  const client = await RawClient.join(raw);
  client.say((to) => to.message(LAB.shape.messages.find(({ name }) => name === "Count")!, { id: 1 }, false));
  client.write(Uint8Array.of(3, 0x42, 1, 2));
  await client.over.promise;
  const [reason] = reasons;
  assert.equal(reason?.code, "protocol");
  assert.deepEqual(words(reason.frames)?.slice(0, 5), [
    "received HELLO",
    "received OPEN",
    "sent WELCOME",
    "received MESSAGE 1",
    "received 0x42",
  ]);
  const last = reason.frames!.findLast(({ direction }) => direction === "received")!;
  assert.equal(last.size, 4);
  assert.ok(last.ago >= 0 && last.ago < 60_000);
});

check("error.frames: of a message of a wrong shape, with its number, and nothing of what it held", async (t) => {
  const { raw, reasons, server } = await start(t);
  const client = await RawClient.join(raw);
  for (let i = 0; i < 20; i++) client.write(encodePing(PING, i));
  // Count's number, and a field of bits that there is not.
  client.write(Uint8Array.of(4, 0x10, 0, 0xff, 0xff));
  await client.over.promise;
  const [reason] = reasons;
  assert.equal(reason?.code, "invalid-message");
  assert.equal(reason.frames?.length, 10);
  assert.equal(words(reason.frames)?.findLast((word) => word.startsWith("received")), "received MESSAGE 1");
  assert.deepEqual(
    Object.keys(reason.frames.at(-1)!).filter((key) => !/^(direction|kind|number|size|ago)$/.test(key)),
    [],
  );
  assert.equal(server.connections.size, 0);
});

check("error.frames: of a handshake that is none", async (t) => {
  const { raw, refused } = await start(t);
  const client = await RawClient.connect(raw);
  client.write(Uint8Array.of(2, 0x10, 0));
  await client.over.promise;
  assert.deepEqual(words((refused[0] as HoldfastError).frames), ["received MESSAGE 1"]);
});

check("error.frames: of a line that was cut, with numbers that go on after a break", async (t) => {
  const { network, server } = await start(t);
  const statuses: Status[] = [];
  const client = new Client(server.url, LAB, { network, log: () => {}, random: () => 0 });
  t.cleanup(() => client.close());
  client.onStatus((status) => void statuses.push(status));
  const opened = (): Promise<void> =>
    new Promise((resolve) => {
      const stop = client.onStatus(({ state }) => {
        if (state !== "open") return;
        stop();
        resolve();
      });
    });
  for (let i = 0; i < 3; i++) await client.request("Ask", { id: i });
  for (const number of [3, 4]) {
    const again = opened();
    network.lines.at(-1)!.cut();
    await again;
    const { reason } = statuses.findLast(({ state }) => state === "resuming")!;
    const told = words(reason?.frames);
    assert.equal(told?.findLast((word) => word.startsWith("sent REQUEST")), `sent REQUEST ${number}`);
    assert.equal(told?.findLast((word) => word.startsWith("received REPLY")), `received REPLY ${number}`);
    await client.request("Ask", { id: 0 });
  }
});

check("error.frames: absent where a connection ends as it should", async (t) => {
  const { network, reasons, server } = await start(t);
  const client = new Client(server.url, LAB, { network, log: () => {} });
  await client.request("Ask", { id: 1 });
  await client.close();
  await server.close();
  assert.equal(reasons[0]?.code, "closed");
  assert.equal(reasons[0].frames, undefined);
  assert.ok(!("frames" in reasons[0]));
});
