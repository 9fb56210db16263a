/**
 * What turns values into bytes and back, made once from a definition.
 *
 * @module
 */

import type { Shape } from "../../../idl/definition.ts";
import { HoldfastError } from "../../errors.ts";
import type { ValueLimits } from "../../limits.ts";
import type { Reader } from "./reader.ts";
import { valueCodecs } from "./values.ts";
import type { Budgets } from "./values/budget.ts";
import { readFailure, writeFailure } from "./values/failure.ts";
import type { ValueCodec } from "./values/value_codec.ts";
import type { Writer } from "./writer.ts";

/** Writes and reads the fields of one record. Its two directions accept the same values. */
export interface RecordCodec {
  /**
   * Appends a value's fields; defaults are filled in.
   *
   * @param to Where to.
   * @param value Anything: it is checked while it is written, and each of its properties is read once.
   * @throws {HoldfastError} `invalid-message`, which says where the value is not what its type asks for; `limit` where it
   * goes beyond a limit. The writer may then have taken some bytes: the caller puts `at` back, as far from `start` as it
   * was.
   */
  encode(to: Writer, value: unknown): void;

  /**
   * Reads the fields from `at` on. What follows them is the caller's.
   *
   * @param from Where from.
   * @returns A new object, which shares nothing with the bytes.
   * @throws {HoldfastError} `invalid-message` where the bytes are no value of the type, or not in the one form that it
   * has; `limit` where they go beyond a limit.
   */
  decode(from: Reader): Record<string, unknown>;
}

/** The codecs of a service. */
export interface Codec {
  /** For the connect arguments. */
  readonly connect: RecordCodec;

  /**
   * Gives the codec of a message.
   *
   * @param name A message: one that {@link Shape.messages} lists.
   * @returns Its codec, made when it is first asked for.
   * @throws {HoldfastError} `unknown-message` if there is none of that name.
   */
  message(name: string): RecordCodec;
}

/**
 * Makes the codecs of a service. They keep nothing between two calls, so that all connections can share them.
 *
 * @param shape A valid definition's shape.
 * @param limits Bounds on the values of one frame. Depths of many thousands would end in a stack overflow.
 * @returns The codecs.
 */
export function createCodec(shape: Shape, limits: ValueLimits): Codec {
  const codecs = valueCodecs(shape.types, limits);
  const messages = new Map<string, RecordCodec>();
  return {
    connect: outermost("connect", codecs.of(shape.connect), codecs.budgets),
    message(name) {
      let codec = messages.get(name);
      if (codec === undefined) {
        if (!Object.hasOwn(shape.types, name)) {
          throw new HoldfastError("unknown-message", `${shape.service} has no message ${name}.`);
        }
        messages.set(name, codec = outermost(name, codecs.named(name), codecs.budgets));
      }
      return codec;
    },
  };
}

/** Starts and ends the budgets, and makes errors for the caller of failures. */
function outermost(name: string, record: ValueCodec, budgets: Budgets): RecordCodec {
  return {
    encode(to, value) {
      budgets.encode.start();
      try {
        record.encode(to, value);
      } catch (error) {
        throw writeFailure(error).toError(name);
      } finally {
        budgets.encode.end();
      }
    },
    decode(from) {
      budgets.decode.start();
      try {
        return record.decode(from) as Record<string, unknown>;
      } catch (error) {
        throw readFailure(error).toError(name);
      } finally {
        budgets.decode.end();
      }
    },
  };
}
