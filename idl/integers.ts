/**
 * `int|long`: wherever the two meet in a union they are one type, with one range.
 *
 * @module
 */

import type { IntegerType, IntType, LongType, Type } from "./definition.ts";

/** What comes of the branches of a union; `problem` is the branch whose range is in the wrong place. */
export type Merged<B> = { readonly branches: readonly B[] } | { readonly problem: B; readonly message: string };

/**
 * Merges `int` and `long` in a union, in the place of the first of them.
 *
 * @param branches The branches, none of which is a union.
 * @param make Makes a branch of the two that are merged.
 * @returns The branches without the second of the two, or the problem with their ranges.
 */
export function mergeIntegers<B extends { readonly type: Type }>(
  branches: readonly B[],
  make: (type: IntegerType, first: B, last: B) => B,
): Merged<B> {
  const isInteger = ({ type: { type } }: B) => type === "int" || type === "long";
  const [first, last] = branches.filter(isInteger);
  // Two of the same kind are not for us to judge: they can't be told apart.
  if (first === undefined || last === undefined || first.type.type === last.type.type) return { branches };
  const [early, late] = [boundsOf(first.type), boundsOf(last.type)];
  if ((early.min !== undefined || early.max !== undefined) && (early.min !== late.min || early.max !== late.max)) {
    const isAlone = late.min === undefined && late.max === undefined;
    const message = isAlone
      ? "`int` and `long` in one union are one type: its range stands behind the last of them."
      : "`int` and `long` in one union are one type: they can't have two ranges.";
    return { problem: first, message };
  }
  const merged = make({ type: "int|long", ...late }, first, last);
  return { branches: branches.flatMap((branch) => branch === first ? [merged] : branch === last ? [] : [branch]) };
}

function boundsOf(type: Type): { readonly min?: string; readonly max?: string } {
  const { min, max } = type as IntType | LongType;
  return { ...(min !== undefined && { min: String(min) }), ...(max !== undefined && { max: String(max) }) };
}
