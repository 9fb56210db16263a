/**
 * Where a line waits of which TLS did not say what is spoken over it, until its first bytes say so: DISET's begin as no
 * other's do. What begins otherwise is left to the native protocol, which refuses what it is not.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { HoldfastError } from "../errors.ts";
import type { Link, ServerCore } from "../server_core.ts";
import type { Stream, StreamEvents } from "../transport/transport.ts";
import { beginsAsDiset } from "../wire/diset/decoder.ts";

/** A line that knows what is spoken over it. */
export type OpenLink = Link & StreamEvents;

/** See the module's text. */
export class Doorstep implements Link, StreamEvents {
  readonly #server: ServerCore;
  readonly #stream: Stream;
  readonly #open: (isDiset: boolean) => OpenLink;
  readonly #stopTimer: () => void;
  #first: Uint8Array = new Uint8Array(0);
  #link: OpenLink | undefined;
  #isOver = false;

  /** @param open Goes on with the line, when it is known what is spoken, if there is room for it then. */
  constructor(server: ServerCore, stream: Stream, open: (isDiset: boolean) => OpenLink) {
    this.#server = server;
    this.#stream = stream;
    this.#open = open;
    server.links.add(this);
    // Those who say nothing are not to keep others out for whom there is room.
    if (server.shaking.size < server.limits.handshakes) server.shaking.add(this);
    // To one who has said nothing there is nothing to say that it would understand.
    this.#stopTimer = server.clock.set(server.limits.handshakeTimeout, () => stream.destroy());
  }

  data(chunk: Uint8Array): void {
    if (this.#link !== undefined) return this.#link.data(chunk);
    if (this.#isOver) return;
    // A few bytes tell in any case, so no more than that is ever kept.
    const bytes = this.#first.length === 0 ? chunk : Buffer.concat([this.#first, chunk]);
    const isDiset = beginsAsDiset(bytes);
    if (isDiset === undefined) {
      this.#first = Uint8Array.from(bytes);
      return;
    }
    this.#leave();
    this.#link = this.#open(isDiset);
    this.#link.data(bytes);
  }

  closed(cause?: unknown): void {
    if (this.#link !== undefined) return this.#link.closed(cause);
    this.#leave();
    this.#server.checkIdle();
  }

  end(error: HoldfastError): void {
    this.stop(error);
  }

  stop(_error: HoldfastError): void {
    this.#isOver = true;
    this.#stream.destroy();
  }

  /** Stands aside: the line has ended, or another stands for it. */
  #leave(): void {
    this.#stopTimer();
    this.#server.links.delete(this);
    this.#server.shaking.delete(this);
  }
}
