/**
 * The messages that a session sends, and who waits for what becomes of them.
 *
 * @module
 */

import type { Message } from "../../idl/definition.ts";
import { cancelled, HoldfastError } from "../errors.ts";
import { deferred, DONE, quiet } from "../promises.ts";
import type { FrameEncoder } from "../wire/wire.ts";
import type { Outgoing } from "./outgoing.ts";
import type { SendOptions } from "./types.ts";
import type { Overflow } from "./waiting.ts";

const NO_OPTIONS: SendOptions = {};

/** See the module's text. */
export class Sends {
  readonly #outgoing: Outgoing;
  readonly #encoder: FrameEncoder;
  readonly #events: { output(): void };

  /**
   * @param outgoing Numbers the frames.
   * @param encoder Where they go.
   * @param events Told when there is output that no call of {@link Sends.send} has brought.
   */
  constructor(outgoing: Outgoing, encoder: FrameEncoder, events: { output(): void }) {
    this.#outgoing = outgoing;
    this.#encoder = encoder;
    this.#events = events;
  }

  /**
   * Sends a message.
   *
   * @param encoded Its frame, where it was encoded before: for others, too.
   * @returns Settled when the message may go, or has been handled: as the options say.
   * @throws {HoldfastError} `invalid-message`, `limit` or `invalid-argument` where it can't be sent.
   */
  send(message: Message, value: unknown, options: SendOptions = NO_OPTIONS, encoded?: Uint8Array): Promise<void> {
    const { acknowledge, overflow = "wait", signal } = options;
    if (acknowledge === true && overflow !== "wait") {
      throw new HoldfastError("invalid-argument", "What is to be acknowledged can't be dropped: give it no overflow.");
    }
    if (signal?.aborted === true) return quiet(Promise.reject(cancelled(signal)));
    const size = encoded === undefined
      ? this.#encoder.message(message, value, acknowledge === true)
      : this.#encoder.share(encoded);
    const frame = this.#outgoing.admit(size, 0);
    return frame > 0 && acknowledge !== true ? DONE : this.#settled(message, size, frame, options);
  }

  /** As {@link Sends.send}, without options: most messages have none, and what those ask for takes time to look at. */
  plain(message: Message, value: unknown): Promise<void> {
    const size = this.#encoder.message(message, value, false);
    return this.#outgoing.admit(size, 0) > 0 ? DONE : this.#settled(message, size, 0, NO_OPTIONS);
  }

  /** What the sender of a message waits for: apart from where it is sent, since most wait for nothing. */
  #settled(message: Message, size: number, frame: number, options: SendOptions): Promise<void> {
    const { acknowledge, overflow = "wait", signal } = options;
    const { promise, resolve, reject } = deferred<void>();
    const settle = {
      resolve: () => release(resolve),
      reject: (error: HoldfastError) => {
        // Only now: a promise that is resolved needs nobody to look at it.
        quiet(promise);
        release(() => reject(error));
      },
    };
    const sent = (number: number) => {
      if (acknowledge === true) this.#outgoing.acknowledge(number, settle);
      else settle.resolve();
    };
    const callOff = frame > 0
      ? (sent(frame), () => false)
      : this.#outgoing.wait(size, 0, sent, settle.reject, keyed(message, overflow));
    const abort = () => {
      // Others may have waited for this one to go first.
      if (callOff()) this.#events.output();
      settle.reject(cancelled(signal!));
    };
    const release = (then: () => void) => {
      signal?.removeEventListener("abort", abort);
      then();
    };
    signal?.addEventListener("abort", abort);
    return promise;
  }
}

/** Keys are those of one kind of message. */
function keyed(message: Message, overflow: Overflow): Overflow {
  return typeof overflow === "object" ? { latest: `${message.name} ${overflow.latest}` } : overflow;
}
