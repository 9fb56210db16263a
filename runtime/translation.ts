/**
 * Between a client's own definition and its service's. The service writes and reads by its own; what differs is
 * converted here, message by message, and what can't be is known before it is sent.
 *
 * @module
 */

import { shapesEqual } from "../idl/canonical.ts";
import type { Definition, Message } from "../idl/definition.ts";
import {
  type ExchangeResolution,
  findMisfits,
  type Misfit,
  resolveService,
  type ServiceResolution,
} from "../idl/resolve.ts";
import { HoldfastError } from "./errors.ts";
import type { ValueLimits } from "./limits.ts";
import { requireMessage } from "./names.ts";
import type { RecordCodec } from "./wire/native/codec.ts";
import { Reader } from "./wire/native/reader.ts";
import { type MessageTable, tableOf } from "./wire/native/table.ts";
import { Writer } from "./wire/native/writer.ts";

type Value = Record<string, unknown>;

/** What is needed where the definitions differ. */
interface Difference {
  readonly own: MessageTable;
  readonly resolution: ServiceResolution;
}

/** See the module's text. */
export class Translation {
  /** The service's definition. */
  readonly definition: Definition;
  /** Writes and reads by the service's definition. */
  readonly table: MessageTable;
  /** Numbers of what the service sends and this client can't take, ascending. */
  readonly declined: readonly number[];
  /** Messages that the client's own definition has, and that do not fit. */
  readonly misfits: readonly Misfit[];
  readonly #difference: Difference | undefined;

  /**
   * @param own The client's definition; without one, the service's will do.
   * @param theirs The service's.
   * @param limits Bounds on the values of a frame.
   * @throws {HoldfastError} `incompatible` where the connect arguments do not fit.
   */
  constructor(own: Definition | undefined, theirs: Definition, limits: ValueLimits) {
    this.definition = theirs;
    this.table = tableOf(theirs, limits);
    this.declined = [];
    this.misfits = [];
    if (own === undefined || shapesEqual(own.shape, theirs.shape)) return;
    const resolution = resolveService(own.shape, theirs.shape);
    this.#difference = { own: tableOf(own, limits), resolution };
    this.misfits = findMisfits(own.shape, resolution);
    this.declined = theirs.shape.messages
      .filter(({ name, sends }) => sends !== undefined && resolution.sends.get(name)?.fits !== true)
      .map(({ number }) => number);
    if (!resolution.connect.fits) throw incompatible("The connect arguments do not fit", resolution.connect.problems);
  }

  /** Whether nothing differs. */
  get isExact(): boolean {
    return this.#difference === undefined;
  }

  /**
   * Finds a message that this client wants to send or receive, by the name that its own definition has for it.
   *
   * @param name The name.
   * @param direction Whether the service is to receive or to send it.
   * @returns The service's.
   * @throws {HoldfastError} `unknown-message`; `wrong-direction`; `incompatible`, with what does not fit.
   */
  find(name: string, direction: "receives" | "sends"): Message {
    const message = requireMessage(this.#difference?.own ?? this.table, name);
    if ((direction === "receives" ? message.receives : message.sends) === undefined) {
      const act = direction === "receives" ? "send" : "receive";
      throw new HoldfastError("wrong-direction", `${name} is not for a client to ${act}.`);
    }
    if (this.#difference === undefined) return message;
    const resolution = this.#difference.resolution[direction].get(name)!;
    if (!resolution.fits) throw incompatible(`${name} does not fit`, resolution.problems);
    return this.table.name(name)!;
  }

  /** The connect arguments, as the service takes them. */
  connectArguments(args: unknown): unknown {
    if (this.#difference === undefined) return args;
    const { own, resolution } = this.#difference;
    return convert(complete(own.connect, args), resolution.connect);
  }

  /** What the client sends, as the service takes it. */
  outgoing(message: Message, value: unknown): unknown {
    if (this.#difference === undefined) return value;
    const { own, resolution } = this.#difference;
    return convert(complete(own.codec(own.name(message.name)!), value), resolution.receives.get(message.name));
  }

  /** The service's reply to what the client sent, as the client takes it. */
  replied(message: Message, value: Value): Value {
    return convert(value, this.#difference?.resolution.receives.get(message.name)?.reply);
  }

  /** What the service sent, as the client takes it. */
  incoming(message: Message, value: Value): Value {
    if (this.#difference === undefined) return value;
    return convert(value, this.#difference.resolution.sends.get(message.name));
  }

  /** The client's reply to what the service sent, as the service takes it. */
  answer(message: Message, value: unknown): unknown {
    if (this.#difference === undefined) return value;
    const { own, resolution } = this.#difference;
    const reply = own.name(own.name(message.name)!.sends!.reply!)!;
    return convert(complete(own.codec(reply), value), resolution.sends.get(message.name)?.reply);
  }
}

/** A value as its receiver gets it: with its defaults, and checked. */
function complete(codec: RecordCodec, value: unknown): Value {
  const writer = new Writer();
  codec.encode(writer, value);
  const reader = new Reader();
  reader.reset(writer.bytes, 0, writer.at);
  return codec.decode(reader);
}

function convert(value: Value, resolution: Pick<ExchangeResolution, "convert"> | undefined): Value {
  return resolution?.convert === undefined ? value : resolution.convert(value) as Value;
}

/** The error that lists what does not fit. */
export function incompatible(what: string, problems: readonly string[]): HoldfastError {
  return new HoldfastError(
    "incompatible",
    [`${what} between this client's definition and the service's:`, ...problems].join("\n- "),
  );
}
