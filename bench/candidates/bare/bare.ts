/**
 * Bare frames as a candidate. They carry bytes, not values: nothing is encoded or validated.
 *
 * @module
 */

import type { Candidate, Kind } from "../candidate.ts";
import { ANSWER, ASK, Frames, PUSH, TELL } from "./frames.ts";
import type { Transport } from "./transport.ts";

/** A ping is its frame's number. A record takes as many bytes as Holdfast makes of it. */
const SIZES: { readonly [K in Kind]: number } = { ping: 0, record: 509, bytes: 65_536 };

/**
 * Makes a candidate.
 *
 * @param transport Whose TLS.
 * @param promises Whether the client has a promise and a map entry for each that it asks, as requests need them.
 */
export function bare(transport: Transport, promises: boolean): Candidate {
  return {
    async serve({ kind, cert, key }) {
      const payload = new Uint8Array(SIZES[kind]);
      const clients: Frames[] = [];
      let told = 0;
      const port = await transport.listen({ cert, key }, (socket) => {
        const frames: Frames = new Frames(socket, (type, id, payload) => {
          if (type === ASK) frames.send(ANSWER, id, payload);
          else told++;
        });
        clients.push(frames);
        return frames;
      });
      return {
        port,
        get told() {
          return told;
        },
        push(id) {
          const client = clients[0]!;
          client.send(PUSH, id, payload);
          return client.room();
        },
        broadcast(id) {
          for (const client of clients) client.send(PUSH, id, payload);
        },
      };
    },

    async connect({ kind, port, ca, answered, pushed }) {
      const payload = new Uint8Array(SIZES[kind]);
      const open = new Map<number, (id: number) => void>();
      const answer = promises
        ? (id: number) => {
          const resolve = open.get(id)!;
          open.delete(id);
          resolve(id);
        }
        : () => answered();
      // What arrives is a part of a chunk, and the next one may take its place: bytes are to be kept.
      const keep = kind === "bytes";
      const frames = await transport.connect({ port, ca }, (socket) =>
        new Frames(socket, (type, id, bytes) => {
          if (keep) bytes.slice();
          if (type === ANSWER) answer(id);
          else pushed();
        }));
      const settled = () => answered();
      return {
        ask: promises
          ? (id) => {
            void new Promise<number>((resolve) => open.set(id, resolve)).then(settled);
            frames.send(ASK, id, payload);
          }
          : (id) => frames.send(ASK, id, payload),
        tell(id) {
          frames.send(TELL, id, payload);
          return frames.room();
        },
        close: () => frames.close(),
      };
    },
  };
}
