/**
 * Texts of the language as nobody writes them: with white space and comments wherever they can stand.
 *
 * @module
 */

import fc from "fast-check";
import type { Definition } from "../../idl/definition.ts";
import { print } from "../../idl/print.ts";
import { arbitraryDefinition } from "../arbitraries.ts";

/** A text, and the same one laid out at random. */
export interface Odd {
  readonly definition: Definition;
  readonly text: string;
  readonly odd: string;
}

const TOKEN = new RegExp(
  [
    String.raw`\/\/\/.*`, // a doc comment
    String.raw`"(?:[^"\\]|\\.)*"`,
    String.raw`(?<=[(,] ?)\/(?:[^/\\]|\\.)*\/`, // a pattern
    String.raw`\w+\/\w+`, // a service's name
    String.raw`\w+:[\w.-]+`, // a rule
    String.raw`-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?`,
    String.raw`\w+|->|\.\.|[^\s\w]`,
  ].join("|"),
  "gu",
);

/** What may stand between two tokens, `#` for a number that tells comments apart. */
const WHITE = [" ", "\n", "\t ", "  \n  "] as const;
const COMMENTS = [
  " /* # */ ",
  "/*#*/",
  " // #\n",
  "\n// #\n",
  "\n\n// # \n\n",
  "\n/* #\n * more\n*/\n",
  " /* #\n\n  drawn\n */",
];

/**
 * Random texts, each beside the same one laid out at random.
 *
 * @param comments Whether there are comments and empty lines, too.
 */
export function arbitraryOdd(comments: boolean): fc.Arbitrary<Odd> {
  const gaps = fc.infiniteStream(fc.nat(1000));
  return fc.tuple(arbitraryDefinition(), gaps).map(([definition, gaps]) => {
    const text = print(definition);
    let number = 0;
    const pick = (from: readonly string[]) => from[gaps.next().value % from.length] ?? " ";
    const gap = () => {
      if (!comments || gaps.next().value % 4 > 0) return pick(WHITE);
      return (pick([...WHITE, "\n\n\n", "\r\n"]) + pick(COMMENTS)).replace("#", () => `${number++}`);
    };
    let odd = "";
    for (const [token] of text.matchAll(TOKEN)) {
      // A doc comment has a line of its own, and no empty line behind it.
      odd += token.startsWith("///")
        ? `${odd.endsWith("\n") ? "" : "\n"}${token}\n`
        : odd.endsWith("\n")
        ? token
        : gap() + token;
    }
    return { definition, text, odd: odd + gap() };
  });
}
