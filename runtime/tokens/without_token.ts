/**
 * What an application's check of tokens throws, without the token: it goes into a log, and whoever has a token is whom it
 * names.
 *
 * @module
 */

import { type ErrorCode, HoldfastError } from "../errors.ts";

/** So many characters of a token are struck out wherever they stand together: fewer do by chance. */
const LEAST = 8;

/**
 * Makes an error that has nothing of a token. Text and stack stay, as far as they are not of the token; what else there
 * was is left behind: causes and properties may hold whole requests.
 *
 * @param thrown Whatever was thrown.
 * @param token The token that it was thrown about.
 * @returns One with the same code if it had one, else `unauthorized`.
 */
export function withoutToken(thrown: unknown, token: string): HoldfastError {
  const { code, message, stack } = look(thrown);
  const error = new HoldfastError(code, strike(message, token));
  error.stack = strike(stack, token);
  return error;
}

function look(thrown: unknown): { readonly code: ErrorCode; readonly message: string; readonly stack: string } {
  try {
    const code = thrown instanceof HoldfastError ? thrown.code : "unauthorized";
    if (!(thrown instanceof Error)) return { code, message: String(thrown), stack: "" };
    return { code, message: String(thrown.message), stack: String(thrown.stack ?? "") };
  } catch {
    return { code: "unauthorized", message: "What the check of tokens has thrown can't be looked at.", stack: "" };
  }
}

/** Strikes out what a text has of a token, as it is or as it stands in JSON or in an address. */
function strike(text: string, token: string): string {
  const length = Math.min(LEAST, token.length);
  const places = new Map<string, number[]>();
  for (let at = 0; at + length <= text.length; at++) {
    const piece = text.slice(at, at + length);
    const known = places.get(piece);
    if (known === undefined) places.set(piece, [at]);
    else known.push(at);
  }
  const struck = new Uint8Array(text.length);
  for (const form of new Set([token, JSON.stringify(token).slice(1, -1), encodeURIComponent(token)])) {
    for (let at = 0; at + length <= form.length; at++) {
      for (const place of places.get(form.slice(at, at + length)) ?? []) struck.fill(1, place, place + length);
    }
  }
  let rest = "";
  for (let at = 0; at < text.length; at++) {
    if (struck[at] === 0) rest += text[at];
    else if (struck[at - 1] !== 1) rest += "[…]";
  }
  return rest;
}
