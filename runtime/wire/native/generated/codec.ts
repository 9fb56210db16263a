/**
 * The codec whose functions are generated from the definition: for each message and each direction when it is first
 * used, so that what is never used costs nothing.
 *
 * The functions only find out that something is wrong. The interpreting codec then starts over, and says what and where.
 *
 * @module
 */

import type { Shape, Type } from "../../../../idl/definition.ts";
import { HoldfastError } from "../../../errors.ts";
import type { ValueLimits } from "../../../limits.ts";
import type { Budget } from "../../values/budget.ts";
import type { Reader } from "../reader.ts";
import type { Codec, RecordCodec } from "../record_codec.ts";
import type { ValueCodecs } from "../values.ts";
import type { Writer } from "../writer.ts";
import { decodeSource } from "./decode.ts";
import { encodeSource } from "./encode.ts";
import { holdsTexts } from "./plan.ts";
import { SUPPORT } from "./support.ts";
import { Unit, type UnitContext } from "./unit.ts";

/** How much source one codec may have, in characters: a definition may be a peer's. What is beyond is interpreted. */
const MOST_SOURCE = 4 * 1024 * 1024;

/** The functions of a named type, which others of its kind call; `depth` is that around the value. */
interface Link {
  encode: (to: Writer, value: unknown, depth: number) => void;
  decode: (from: Reader, depth: number) => unknown;
}

/** What can be made with `new Function`. */
type Maker = (
  support: typeof SUPPORT,
  constants: readonly unknown[],
  budget: Budget,
  slow: Slow | undefined,
) => unknown;

/** The interpreting codec. */
interface Slow extends RecordCodec {
  /** Throws what is wrong with a value in which the generated function found something wrong. */
  explain(to: Writer, value: unknown): never;
}

/**
 * Makes the codecs of a service.
 *
 * @param shape A valid definition's shape.
 * @param limits Bounds on the values of one frame.
 * @param codecs The interpreting codecs of its types.
 * @param interpreting The interpreting codecs of the service.
 * @returns The codecs.
 */
export function generatingCodec(shape: Shape, limits: ValueLimits, codecs: ValueCodecs, interpreting: Codec): Codec {
  const links = new Map<string, Link>();
  const messages = new Map<string, RecordCodec>();
  const context: UnitContext = { types: shape.types, limits, interpreted: codecs.of, link: linkTo };
  let left = MOST_SOURCE;

  /** Makes functions; `undefined` if there is too much source already. */
  function compile(unit: Unit, statements: string, budget: Budget, slow?: Slow): unknown {
    const source = `"use strict";\nconst { ${Object.keys(SUPPORT).join(", ")} } = s;\n`
      + unit.constants.map((_, place) => `const c${place} = c[${place}];\n`).join("")
      + unit.functions + statements;
    left -= source.length;
    return left < 0 ? undefined : (new Function("s", "c", "B", "slow", source) as Maker)(
      SUPPORT,
      unit.constants,
      budget,
      slow,
    );
  }

  function linkTo(name: string): Link {
    let link = links.get(name);
    if (link === undefined) links.set(name, link = newLink(name, shape.types[name]!));
    return link;
  }

  function newLink(name: string, type: Type): Link {
    const link: Link = {
      encode(to, value, depth) {
        const unit = new Unit(context);
        const source = `return (w, v, d) => {\n${encodeSource(unit, type, "v")}};`;
        link.encode = compile(unit, source, codecs.budgets.encode) as Link["encode"] | undefined ?? slowEncode;
        link.encode(to, value, depth);
      },
      decode(from, depth) {
        const unit = new Unit(context);
        const source = `return (r, d) => {\nlet v;\n${decodeSource(unit, type, "v")}return v;\n};`;
        link.decode = compile(unit, source, codecs.budgets.decode) as Link["decode"] | undefined ?? slowDecode;
        return link.decode(from, depth);
      },
    };
    const slowEncode: Link["encode"] = (to, value, depth) => {
      codecs.budgets.encode.depth = depth;
      codecs.named(name).encode(to, value);
    };
    const slowDecode: Link["decode"] = (from, depth) => {
      codecs.budgets.decode.depth = depth;
      return codecs.named(name).decode(from);
    };
    return link;
  }

  function outermost(name: string, type: Type, interpreted: () => RecordCodec): RecordCodec {
    const slow: Slow = {
      encode: (to, value) => interpreted().encode(to, value),
      decode: (from) => interpreted().decode(from),
      explain(to, value) {
        interpreted().encode(to, value);
        throw new HoldfastError("invalid-message", `${name}: it changed while it was being written`);
      },
    };
    const codec: RecordCodec = {
      encode(to, value) {
        const unit = new Unit(context);
        const source = outermostEncode(encodeSource(unit, type, "v"));
        const made = compile(unit, source, codecs.budgets.encode, slow) as RecordCodec["encode"] | undefined;
        codec.encode = made ?? slow.encode;
        codec.encode(to, value);
      },
      decode(from) {
        const unit = new Unit(context);
        const source = outermostDecode(decodeSource(unit, type, "v"), holdsTexts(type, shape.types));
        const made = compile(unit, source, codecs.budgets.decode, slow) as RecordCodec["decode"] | undefined;
        codec.decode = made ?? slow.decode;
        return codec.decode(from);
      },
    };
    return codec;
  }

  return {
    connect: outermost("connect", shape.connect, () => interpreting.connect),
    message(name) {
      let codec = messages.get(name);
      if (codec === undefined) {
        if (!Object.hasOwn(shape.types, name)) return interpreting.message(name); // which refuses it
        messages.set(name, codec = outermost(name, shape.types[name]!, () => interpreting.message(name)));
      }
      return codec;
    },
  };
}

/** An accessor may try to send something itself, which the slow one refuses. */
function outermostEncode(statements: string): string {
  return `return (w, v) => {
if (B.busy) return slow.encode(w, v);
const at = w.at - w.start;
B.busy = true;
B.items = 0;
B.matched = 0;
const d = 0;
try {
${statements}B.busy = false;
} catch {
B.busy = false;
w.at = w.start + at;
slow.explain(w, v);
}
};`;
}

function outermostDecode(statements: string, expectsTexts: boolean): string {
  return `return (r) => {
${expectsTexts ? "r.expectTexts();\n" : ""}const at = r.at;
B.items = 0;
B.matched = 0;
const d = 0;
  let v;
try {
${statements}return v;
} catch {
r.at = at;
return slow.decode(r);
}
};`;
}
