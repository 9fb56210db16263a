/**
 * The messages of one definition, ready for the wire.
 *
 * @module
 */

import type { Definition, Message } from "../../../idl/definition.ts";
import type { ValueLimits } from "../../limits.ts";
import { type Codec, createCodec, type RecordCodec } from "./codec.ts";

/** A definition's messages by number and by name, with what writes and reads them. Made once, shared by connections. */
export class MessageTable {
  readonly definition: Definition;
  /** For the connect arguments. */
  readonly connect: RecordCodec;
  readonly #codecs: RecordCodec[] = [];
  readonly #byNumber: Message[] = [];
  readonly #byName = new Map<string, Message>();

  /**
   * @param definition The definition; a valid one.
   * @param limits Bounds on the values of a frame.
   */
  constructor(definition: Definition, limits: ValueLimits) {
    this.definition = definition;
    const codec: Codec = createCodec(definition.shape, limits);
    this.connect = codec.connect;
    for (const message of definition.shape.messages) {
      this.#byNumber[message.number] = message;
      this.#byName.set(message.name, message);
      this.#codecs[message.number] = codec.message(message.name);
    }
  }

  /** The message of that number, if there is one. */
  number(number: number): Message | undefined {
    return this.#byNumber[number];
  }

  /** The message of that name, if there is one. */
  name(name: string): Message | undefined {
    return this.#byName.get(name);
  }

  /** What writes and reads the message. */
  codec(message: Message): RecordCodec {
    return this.#codecs[message.number]!;
  }

  /** The names of all messages. */
  names(): string[] {
    return [...this.#byName.keys()];
  }
}
