/**
 * The keep-alives of a line that carries no session yet; those of a session are its encoder's.
 *
 * @module
 */

import { encodeFrame } from "../wire/diset/encoder.ts";
import type { Encoding } from "../wire/diset/encodings.ts";
import { type KeepAliveFrame, keepAliveResult } from "../wire/diset/frames.ts";
import type { KeepAlive } from "../wire/wire.ts";

/**
 * Asks for signs of life. None is given that nobody asked for.
 *
 * @param name What their ids begin with.
 */
export function keepAliveOf(name: string, encoding: Encoding): KeepAlive {
  return {
    ping: (token) => encodeFrame(keepAliveResult({ ping: true, id: `${name}${token}` }), encoding, true),
    pong: () => undefined,
  };
}

/** What answers a keep-alive, if it asks for an answer. */
export function answerTo({ id, ping }: KeepAliveFrame, encoding: Encoding): Uint8Array | undefined {
  return ping ? encodeFrame(keepAliveResult({ ping: false, id }), encoding, true) : undefined;
}
