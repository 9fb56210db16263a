/**
 * What the lines of a service that speak DISET share.
 *
 * @module
 */

import type { Definition, Message } from "../../idl/definition.ts";
import type { ValueLimits } from "../limits.ts";
import type { Wire } from "../server_core.ts";
import type { View } from "../views.ts";
import { encodeFrame } from "../wire/diset/encoder.ts";
import type { Encoding } from "../wire/diset/encodings.ts";
import { messageResult } from "../wire/diset/frames.ts";
import type { Dict } from "../wire/diset/python.ts";
import { MessageTable } from "../wire/diset/table.ts";

/** See the module's text. */
export class DisetService implements Wire {
  readonly asksToLeave = false;
  /** `System/Component`. */
  readonly name: string;
  /** What the ids of its messages begin with, as the original's services write them. */
  readonly broker: string;
  /** The numbers of the requests that it sends: this protocol has none. */
  readonly requests: readonly number[];
  /** The whole definition's messages. */
  readonly table: MessageTable;
  readonly encoding: Encoding;
  /** When it began to serve. */
  readonly since: Date = new Date();
  readonly #limits: ValueLimits;
  /** By what clients are told. */
  readonly #tables = new WeakMap<View, MessageTable>();

  /**
   * @param definition The definition.
   * @param limits Bounds on the values of a message.
   * @param encoding How this side writes.
   * @throws {HoldfastError} `invalid-argument` where the original's protocol can't say all of it.
   */
  constructor(definition: Definition, limits: ValueLimits, encoding: Encoding) {
    this.name = definition.shape.service;
    this.broker = `${this.name}MSB`;
    this.requests = definition.shape.messages.filter(({ sends }) => sends?.reply !== undefined)
      .map(({ number }) => number);
    this.table = new MessageTable(definition, limits);
    this.encoding = encoding;
    this.#limits = limits;
  }

  /** The messages that clients with a view may know. */
  tableOf(view: View): MessageTable {
    let table = this.#tables.get(view);
    if (table === undefined) {
      const isWhole = view.definition === this.table.definition;
      table = isWhole ? this.table : new MessageTable(view.definition, this.#limits);
      this.#tables.set(view, table);
    }
    return table;
  }

  encode(message: Message, value: unknown): Uint8Array {
    const values = this.table.codec(message).encode(value);
    return this.frame(messageResult({ name: message.name, values, acknowledge: false, id: undefined }));
  }

  /** Writes a frame. */
  frame(result: Dict): Uint8Array {
    return encodeFrame(result, this.encoding);
  }
}
