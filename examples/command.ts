/**
 * The command line of the examples.
 *
 * @module
 */

import process from "node:process";
import { parseArgs } from "node:util";

/** Flags as an example gets them: those whose defaults are whole numbers are whole numbers. */
export type Flags<D> = { readonly [F in keyof D]: D[F] extends bigint ? bigint : string };

/**
 * Runs an example. What goes wrong is told in one line, and ends the process with 1.
 *
 * @param defaults Its flags, each with the value that it has unless given.
 * @param main The example; gets the flags, and what else stands on the command line.
 * @returns When the example has returned or failed.
 */
export async function command<D extends { readonly [flag: string]: string | bigint }>(
  defaults: D,
  main: (flags: Flags<D>, ...operands: readonly string[]) => Promise<void>,
): Promise<void> {
  try {
    const names = Object.keys(defaults);
    const options = Object.fromEntries(names.map((name) => [name, { type: "string" } as const]));
    const { positionals, values } = parseArgs({ allowPositionals: true, options });
    const flags = names.map((name) => [name, read(name, values[name], defaults[name]!)]);
    await main(Object.fromEntries(flags), ...positionals);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    console.error(`error: ${message.replaceAll("\n", " ")}`);
    process.exitCode = 1;
  }
}

function read(name: string, text: string | undefined, fallback: string | bigint): string | bigint {
  if (text === undefined) return fallback;
  if (typeof fallback === "string") return text;
  if (/^-?\d+$/.test(text)) return BigInt(text);
  throw new Error(`--${name} is a whole number, not ${JSON.stringify(text)}.`);
}
