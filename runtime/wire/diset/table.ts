/**
 * The messages of one definition, ready for the wire.
 *
 * @module
 */

import type { Definition, Message } from "../../../idl/definition.ts";
import type { ValueLimits } from "../../limits.ts";
import { type Codec, createCodec, type MessageCodec, type RecordCodec } from "./codec.ts";
import { type PayloadLimits, payloadLimits } from "./encodings.ts";
import type { Dict } from "./python.ts";

/** A definition's messages by name, with what converts them. Made once, shared by connections. */
export class MessageTable {
  readonly definition: Definition;
  /** Bounds on a payload, within which the values of any message have room. */
  readonly payload: PayloadLimits;
  readonly #codec: Codec;
  readonly #byName = new Map<string, Message>();

  /**
   * @param definition The definition; a valid one.
   * @param limits Bounds on the values of a message.
   * @throws {HoldfastError} `invalid-argument` where the original's protocol can't say all of it.
   */
  constructor(definition: Definition, limits: ValueLimits) {
    this.definition = definition;
    this.payload = payloadLimits(limits);
    this.#codec = createCodec(definition.shape, limits);
    for (const message of definition.shape.messages) this.#byName.set(message.name, message);
  }

  /** For the connect arguments. */
  get connect(): RecordCodec<Dict> {
    return this.#codec.connect;
  }

  /** The message of that name, if there is one. */
  name(name: string): Message | undefined {
    return this.#byName.get(name);
  }

  /** What converts the message. */
  codec(message: Message): MessageCodec {
    return this.#codec.message(message.name);
  }

  /** The names of all messages. */
  names(): string[] {
    return [...this.#byName.keys()];
  }
}
