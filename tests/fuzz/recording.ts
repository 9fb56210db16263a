/**
 * A real conversation of a client and a service, byte for byte, and what accidents make of it.
 *
 * @module
 */

import fc from "fast-check";
import { Client, type Definition, Failure, parse, serve } from "../../mod.ts";
import type { Network } from "../../runtime/transport/transport.ts";

export const TALK: Definition = parse(`
  enum Level { low, high }
  Note < id: int|long, text?: string(..40, /[a-z ]*/), level: Level = "low", more?: any, tree?: list<map<bytes>> >
  Ask < id: int, when?: timestamp >
  Answer < id: int, share: float|null >
  service Fuzz/Talk { auth all  connect < name: string >  receives Note  receives Ask -> Answer  sends Note  sends Ask -> Answer }
`);

/** Both directions, frame by frame. */
export interface Recording {
  readonly up: readonly Uint8Array[];
  readonly down: readonly Uint8Array[];
}

/** How either side handles what the other says. */
export const HANDLERS = {
  Note: (): void => {},
  Ask: ({ id }: { readonly [field: string]: number }): { id: number; share: null } => {
    if (id === 2) throw new Failure("Not two.");
    return { id: id!, share: null };
  },
};

/**
 * Records a conversation.
 *
 * @param network What carries it.
 */
export async function record(network: Network): Promise<Recording> {
  const up: number[] = [];
  const down: number[] = [];
  const recording: Network = {
    listen: (options, accept) =>
      network.listen(options, (stream) => {
        const events = accept(stream);
        return {
          data: (chunk) => (up.push(...chunk), events.data(chunk)),
          closed: (cause) => events.closed(cause),
        };
      }),
    connect: (options, events) =>
      network.connect(options, {
        data: (chunk) => (down.push(...chunk), events.data(chunk)),
        closed: (cause) => events.closed(cause),
      }),
  };
  const server = await serve(TALK, {
    cert: "",
    key: "",
    port: 0,
    network: recording,
    log: () => {},
    messages: HANDLERS,
  });
  const options = { network: recording, args: { name: "kit" }, messages: HANDLERS, log: () => {} };
  const client = new Client(server.url, undefined, options);
  await client.connect();
  const connection = [...server.connections.values()][0]!;
  const tree = [{ a: new Uint8Array(3), b: new Uint8Array(0) }, {}];
  const more = [1, -1.5, 2n ** 70n, "text", null, true, new Date(0), new Uint8Array(2), { a: [], b: { c: "d" } }];
  for (const peer of [client, connection]) {
    const controller = new AbortController();
    const calledOff = peer.request("Ask", { id: 3 }, { signal: controller.signal });
    controller.abort();
    await Promise.allSettled([
      calledOff,
      peer.send("Note", { id: 1, text: "some words", level: "high", tree }),
      peer.send("Note", { id: 2n ** 80n, more }, { acknowledge: true }),
      peer.request("Ask", { id: 1, when: new Date(1e12) }),
      peer.request("Ask", { id: 2 }),
    ]);
  }
  await Promise.all([server.close({ spread: 0 }), client.close()]);
  return { up: framesOf(up), down: framesOf(down) };
}

/** How many frames at least the handshake has, of either side. */
const HANDSHAKE = 2;

/** What accidents make of one direction: bytes changed, put in, cut off; frames lost, repeated, swapped, of the other side. */
export function mutated(frames: readonly Uint8Array[], others: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const accident = fc.record({
    kind: fc.constantFrom("byte", "byte", "byte", "insert", "cut", "lose", "repeat", "swap", "other", "length"),
    frame: fc.nat(frames.length),
    at: fc.nat(200),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
  });
  // Most of what happens to the handshake ends there: often, nothing does.
  const unharmed = fc.constantFrom(0, HANDSHAKE, HANDSHAKE);
  return fc.tuple(unharmed, fc.array(accident, { minLength: 1, maxLength: 5 })).map(([unharmed, accidents]) => {
    const mutated: Uint8Array[] = frames.map((frame) => frame.slice());
    for (const { kind, frame, at, bytes } of accidents) {
      const place = unharmed + frame % Math.max(1, mutated.length - unharmed);
      const target = mutated[place];
      if (target === undefined) break;
      const offset = at % target.length;
      if (kind === "byte") target[offset] = bytes[0]!;
      if (kind === "insert") mutated[place] = join([target.slice(0, offset), bytes, target.slice(offset)]);
      if (kind === "cut") mutated[place] = target.slice(0, offset + 1);
      if (kind === "lose") mutated.splice(place, 1);
      if (kind === "repeat") mutated.splice(place, 0, target.slice());
      if (kind === "swap") mutated.push(...mutated.splice(place, 1));
      if (kind === "other") mutated.splice(place, 0, others[at % others.length]!.slice());
      if (kind === "length") mutated.splice(place, 0, new Uint8Array([...bytes.map((byte) => byte | 0x80), at % 128]));
    }
    return join(mutated);
  });
}

/** Puts bytes one behind the other. */
export function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

function framesOf(bytes: readonly number[]): Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    let body = at;
    let length = 0;
    for (let unit = 1;; unit *= 128) {
      const byte = bytes[body++]!;
      length += (byte & 0x7f) * unit;
      if (byte < 0x80) break;
    }
    frames.push(new Uint8Array(bytes.slice(at, body + length)));
    at = body + length;
  }
  return frames;
}
