/**
 * How bare frames get a socket.
 *
 * @module
 */

import type { Frames, Socket } from "./frames.ts";

/** Gives a new socket its frames. */
export type Accept = (socket: Socket) => Frames;

/** A runtime's TLS. */
export interface Transport {
  /** Listens; gives back the port. */
  listen(options: { readonly cert: string; readonly key: string }, accept: Accept): Promise<number>;
  connect(options: { readonly port: number; readonly ca: string }, accept: Accept): Promise<Frames>;
}
