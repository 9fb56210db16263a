import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { Client, type Network, parse, serve } from "../../mod.ts";
import { check } from "../harness.ts";

const LAB = parse("Count < id: int > service Lab/Line { auth all  receives Count  sends Count }");

/** A line of the client's whose bytes may be late, also when the client has given it up. */
interface LateLine {
  /** From now on, what the client writes waits. */
  hold(): void;
  /** The client is told that the line broke; the service is not. */
  sever(): void;
  /** What waits arrives after all. */
  release(): void;
  /** Whether the service has ended the line. */
  ended: boolean;
}

function lateNetwork(network: Network): Network & { readonly lines: LateLine[] } {
  const lines: LateLine[] = [];
  return {
    lines,
    listen: (options, accept) => network.listen(options, accept),
    async connect(options, events) {
      let severed = false;
      const stream = await network.connect(options, {
        data: (chunk) => severed ? undefined : events.data(chunk),
        closed(cause) {
          line.ended = true;
          if (!severed) events.closed(cause);
        },
      });
      let held: Uint8Array[] | undefined;
      const line: LateLine = {
        ended: false,
        hold: () => void (held = []),
        sever() {
          severed = true;
          events.closed(new Error("The line was severed."));
        },
        release: () => held?.forEach((bytes) => void stream.write(bytes)),
      };
      lines.push(line);
      return {
        remote: stream.remote,
        alpn: stream.alpn,
        certificates: stream.certificates,
        write: (bytes) => held === undefined ? stream.write(bytes) : void held.push(bytes),
        pause: () => stream.pause(),
        resume: () => stream.resume(),
        close: () => severed ? undefined : stream.close(),
        destroy: () => severed ? undefined : stream.destroy(),
      };
    },
  };
}

check("what comes late over a line that another took over from is not heard, and the line is ended", async (scope) => {
  const network = lateNetwork(scope.memory());
  const handled: number[] = [];
  const back: number[] = [];
  const server = await serve(LAB, {
    ...{ cert: "", key: "", port: 0, network, log: () => {} },
    messages: {
      Count({ id }, connection) {
        handled.push(id);
        void connection.send("Count", { id });
      },
    },
  });
  scope.cleanup(() => server.close({ timeout: 1 }));
  const client = new Client(server.url, LAB, {
    ...{ network, reconnect: { first: 1, most: 2 }, log: () => {} },
    messages: { Count: ({ id }) => void back.push(id) },
  });
  scope.cleanup(() => client.close());
  await client.connect();
  const { transportId } = client;
  const [first] = network.lines;
  await client.send("Count", { id: 1 }, { acknowledge: true });
  first!.hold();
  const late = [2, 3, 4].map((id) => client.send("Count", { id }, { acknowledge: true }));
  // It leaves for the line that is held; then the client finds that line broken.
  await setImmediate();
  first!.sever();
  await Promise.all(late);
  first!.release();
  await client.send("Count", { id: 5 }, { acknowledge: true });
  while (back.length < 5) await setImmediate();
  assert.deepEqual(handled, [1, 2, 3, 4, 5]);
  assert.deepEqual(back, [1, 2, 3, 4, 5]);
  assert.equal(client.transportId, transportId);
  assert.equal(network.lines.length, 2);
  assert.ok(first!.ended, "the service has ended the old line");
});
