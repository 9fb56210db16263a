/**
 * The messages of one definition, ready for the wire.
 *
 * @module
 */

import type { Definition, Message, Shape } from "../../../idl/definition.ts";
import type { ValueLimits } from "../../limits.ts";
import { type Codec, createCodec, type RecordCodec } from "./codec.ts";

/** A definition's messages by number and by name, with what writes and reads them. Made once, shared by connections. */
export class MessageTable {
  readonly definition: Definition;
  /** For the connect arguments. */
  readonly connect: RecordCodec;
  readonly #codecs: RecordCodec[];
  readonly #byNumber: Message[] = [];
  readonly #byName = new Map<string, Message>();

  /**
   * @param definition The definition; a valid one.
   * @param limits Bounds on the values of a frame.
   */
  constructor(definition: Definition, limits: ValueLimits);
  /** @param whole What knows how the messages are written and read. */
  constructor(definition: Definition, whole: MessageTable);
  constructor(definition: Definition, rest: ValueLimits | MessageTable) {
    this.definition = definition;
    const { messages } = definition.shape;
    for (const message of messages) {
      this.#byNumber[message.number] = message;
      this.#byName.set(message.name, message);
    }
    if (rest instanceof MessageTable) {
      this.connect = rest.connect;
      this.#codecs = rest.#codecs;
      return;
    }
    const codec = codecOf(definition.shape, rest);
    this.connect = codec.connect;
    this.#codecs = [];
    for (const { name, number } of messages) this.#codecs[number] = codec.message(name);
  }

  /**
   * Makes a table of a part of the messages, which are written and read as they are here.
   *
   * @param definition What `viewDefinition` has made of this table's.
   */
  part(definition: Definition): MessageTable {
    return new MessageTable(definition, this);
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

/** The table of a definition, the same for all who know it and have the same limits. */
export const tableOf: (definition: Definition, limits: ValueLimits) => MessageTable = madeOnce((definition, limits) =>
  new MessageTable(definition, limits)
);

/** The codec of a shape: to make one takes longer than what else it takes to connect. */
const codecOf: (shape: Shape, limits: ValueLimits) => Codec = madeOnce((shape, limits) => createCodec(shape, limits));

/** Makes something again only for other limits than the last: most share theirs. */
function madeOnce<K extends object, T>(
  make: (key: K, limits: ValueLimits) => T,
): (key: K, limits: ValueLimits) => T {
  const made = new WeakMap<K, { readonly limits: ValueLimits; readonly value: T }>();
  return (key, limits) => {
    const known = made.get(key);
    if (known !== undefined && sameLimits(known.limits, limits)) return known.value;
    const value = make(key, limits);
    made.set(key, { limits, value });
    return value;
  };
}

function sameLimits(one: ValueLimits, other: ValueLimits): boolean {
  return one.depth === other.depth && one.digits === other.digits && one.items === other.items
    && one.matched === other.matched;
}
