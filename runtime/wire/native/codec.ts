/**
 * What turns values into bytes and back, made once from a definition.
 *
 * There are two codecs that give the same answers. One interprets the definition: closures that call one another, as its
 * types are put together. The other has functions generated from it, and leaves to the first whatever goes wrong.
 *
 * @module
 */

import type { Shape } from "../../../idl/definition.ts";
import { HoldfastError } from "../../errors.ts";
import type { ValueLimits } from "../../limits.ts";
import type { Budgets } from "../values/budget.ts";
import { readFailure, writeFailure } from "../values/failure.ts";
import { canGenerate } from "./engine.ts";
import { generatingCodec } from "./generated/codec.ts";
import type { Codec, RecordCodec } from "./record_codec.ts";
import { type ValueCodecs, valueCodecs } from "./values.ts";
import type { ValueCodec } from "./values/value_codec.ts";

export type { Codec, RecordCodec } from "./record_codec.ts";

/**
 * Makes the codecs of a service. They keep nothing between two calls, so that all connections can share them.
 *
 * @param shape A valid definition's shape.
 * @param limits Bounds on the values of one frame. Depths of many thousands would end in a stack overflow.
 * @param generate Whether to generate code; by default, wherever that is allowed.
 * @returns The codecs.
 */
export function createCodec(shape: Shape, limits: ValueLimits, generate: boolean = canGenerate()): Codec {
  const codecs = valueCodecs(shape.types, limits);
  const interpreting = interpretingCodec(shape, codecs);
  return generate ? generatingCodec(shape, limits, codecs, interpreting) : interpreting;
}

function interpretingCodec(shape: Shape, codecs: ValueCodecs): Codec {
  const { budgets } = codecs;
  const messages = new Map<string, RecordCodec>();
  let connect: RecordCodec | undefined;
  return {
    get connect() {
      return connect ??= outermost("connect", codecs.of(shape.connect), budgets);
    },
    message(name) {
      let codec = messages.get(name);
      if (codec === undefined) {
        if (!Object.hasOwn(shape.types, name)) {
          throw new HoldfastError("unknown-message", `${shape.service} has no message ${name}.`);
        }
        messages.set(name, codec = outermost(name, codecs.named(name), budgets));
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
