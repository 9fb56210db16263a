/**
 * Sending as fast as one may.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import type { Kind } from "../candidates/candidate.ts";

/** How many messages are sent in one turn: about 8 KiB, or two. */
const BATCH: { readonly [K in Kind]: number } = { ping: 1024, record: 32, bytes: 2 };

/**
 * Sends for a while, in batches.
 *
 * @param kind What the messages hold.
 * @param milliseconds For how long.
 * @param send Sends one; a promise where to wait.
 * @returns How many were sent.
 */
export async function sendFor(
  kind: Kind,
  milliseconds: number,
  send: (id: number) => Promise<unknown> | undefined,
): Promise<number> {
  const end = performance.now() + milliseconds;
  let id = 1;
  do {
    let room: Promise<unknown> | undefined;
    for (let i = 0; i < BATCH[kind]; i++) room = send(id++);
    if (room !== undefined) await room;
    // What has come meanwhile is to be read, too.
    await setImmediate();
  } while (performance.now() < end);
  return id - 1;
}
