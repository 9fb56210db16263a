/**
 * What must never be told: the runner looks for it in everything that the tests print, and tests in what they collect.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { inspect } from "node:util";

/** Tests' own tokens have this in them, so that one that gets out is known for what it is. */
export const SECRET = "hf-secret-canary";

/** What a secret looks like, and what it is called. */
const SIGNS: readonly (readonly [what: string, sign: RegExp])[] = [
  ["a private key", /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/g],
  ["a JSON Web Token", /\beyJ[\w-]{6,}\.eyJ[\w-]{6,}\.[\w-]*/g],
  ["a test's token", new RegExp(SECRET, "g")],
];

/** How much of what stands before a secret is told, in characters: enough to find out who printed it. */
const CONTEXT = 120;

/**
 * Finds secrets in a text.
 *
 * @param text What was printed.
 * @returns What was found, each with what stands before it; never the secret itself.
 */
export function findSecrets(text: string): readonly string[] {
  return SIGNS.flatMap(([what, sign]) =>
    [...text.matchAll(sign)].map(({ index }) =>
      `It printed ${what}, after ${JSON.stringify(text.slice(Math.max(0, index - CONTEXT), index))}.`
    )
  );
}

/** How much of a secret may be told, in characters: no more than what may stand there by chance. */
const HARMLESS = 16;

/**
 * Looks for a secret in anything, whole or in part, and however it is written.
 *
 * @param thing What was collected: records, errors, texts.
 * @param secret A token, the PEM text of a key, or bytes.
 * @returns What of it was found, if anything was.
 */
export function tells(thing: unknown, secret: string | Uint8Array): string | undefined {
  const text = everything(thing);
  return formsOf(secret).flatMap(piecesOf).find((piece) => text.includes(piece));
}

/** All texts in a value: properties that are hidden too, causes, stacks, and what a console would show. */
function everything(thing: unknown): string {
  const seen = new Set<unknown>();
  const texts = [inspect(thing, { depth: Infinity, maxArrayLength: Infinity, maxStringLength: Infinity })];
  const open = [thing];
  for (let next = open.pop(); open.length > 0 || next !== undefined; next = open.pop()) {
    if (typeof next !== "object" || next === null || seen.has(next)) {
      texts.push(String(next));
      continue;
    }
    seen.add(next);
    if (next instanceof Map || next instanceof Set) open.push(...next);
    if (ArrayBuffer.isView(next)) {
      texts.push(inspect(next, { maxArrayLength: Infinity }).replaceAll(/\s+/g, " "));
      continue;
    }
    for (const key of Reflect.ownKeys(next)) {
      texts.push(String(key));
      open.push(Reflect.get(next, key));
    }
  }
  return texts.join("\n");
}

function formsOf(secret: string | Uint8Array): string[] {
  if (typeof secret !== "string") {
    const bytes = Buffer.from(secret);
    return [
      bytes.toString("hex"),
      bytes.toString("base64"),
      bytes.toString("base64url"),
      bytes.join(),
      bytes.join(", "),
    ];
  }
  // The lines of PEM between the first and the last; the parts of a JSON Web Token.
  const parts = secret.includes("-----") ? secret.trim().split("\n").slice(1, -1) : secret.split(".");
  return [...parts, encodeURIComponent(secret), Buffer.from(secret).toString("base64")];
}

function piecesOf(form: string): string[] {
  if (form.length <= HARMLESS) return [form];
  return Array.from({ length: form.length - HARMLESS + 1 }, (_, i) => form.slice(i, i + HARMLESS));
}
