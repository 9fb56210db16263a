/**
 * Unions. On the wire: the place of the branch among the union's branches, as a varint, and the value; a branch that is a
 * literal is its place alone.
 *
 * @module
 */

import type { Shape, Type, UnionType } from "../../../../idl/definition.ts";
import { Failure, mismatch } from "../../values/failure.ts";
import { branchesOf, finder } from "../../values/union.ts";
import type { ValueCodec } from "./value_codec.ts";

/**
 * Makes the codec of a union.
 *
 * @param type The union.
 * @param types The named types.
 * @param codecOf Gives the codec of a branch.
 * @returns The union's codec.
 */
export function unionCodec(type: UnionType, types: Shape["types"], codecOf: (type: Type) => ValueCodec): ValueCodec {
  const codecs = type.branches.map((branch) => branch.type === "literal" ? valueless(branch.value) : codecOf(branch));
  const placeOf = finder(branchesOf(type, types));
  // Not before it is needed, since it makes the codecs of the types that are referred to.
  const expected = () => [...new Set(codecs.map((codec) => codec.expected))].join(" or ");
  return {
    get expected() {
      return expected();
    },
    encode(to, value) {
      const place = placeOf(value);
      if (place === undefined) throw mismatch(expected(), value);
      to.varint(place);
      codecs[place]!.encode(to, value);
    },
    decode(from) {
      const place = from.varint();
      const codec = codecs[place];
      if (codec === undefined) throw new Failure(`expected ${expected()}, got branch ${place} of ${codecs.length}`);
      return codec.decode(from);
    },
  };
}

/** A literal whose place says all. */
function valueless(value: null | boolean | number | string): ValueCodec {
  return { expected: JSON.stringify(value), encode() {}, decode: () => value };
}
