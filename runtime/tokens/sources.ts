/**
 * Where keys come from: the options, a file, an address.
 *
 * @module
 */

import { X509Certificate } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import type { Clock } from "../clock.ts";
import { HoldfastError } from "../errors.ts";
import { checkNames } from "../names.ts";
import { fetchText } from "./fetch.ts";
import { type FindKey, FreshKeys, type KeySource, parseKeys, readKeys, unreadable } from "./keys.ts";

/** A JSON Web Key Set, as RFC 7517 has it. */
export interface JsonWebKeySet {
  /** The keys: public ones. */
  readonly keys: readonly { readonly [name: string]: unknown }[];
}

/**
 * Where the keys are that tokens are checked with: exactly one of these.
 *
 * - `jwks`: here, as a JSON Web Key Set.
 * - `file`: in a file that has one. Another set in the file holds within a second.
 * - `url`: at an address that begins with `https:`. The keys are asked for when the first token comes, again when they
 *   are ten minutes old, and when a token names one that is not among them; then every thirty seconds at the most.
 *   `ca` has certificates of the authorities to trust there (PEM), instead of those that the runtime trusts by itself.
 */
export type JwtKeys =
  | { readonly jwks: JsonWebKeySet }
  | { readonly file: string }
  | { readonly url: string | URL; readonly ca?: string };

/** How long a set may be, in bytes. */
const MAX_SIZE = 256 * 1024;
/** How long an address may take to answer, in milliseconds: well within a handshake. */
const TIMEOUT = 5_000;

/**
 * Makes what finds keys.
 *
 * @param keys Where they are.
 * @param clock The time.
 * @throws {HoldfastError} `invalid-argument` if they can't be used, as far as that is known without asking anybody.
 */
export function keyFinder(keys: JwtKeys, clock: Clock): FindKey {
  checkNames('The option "keys"', Object(keys), ["jwks", "file", "url", "ca"]);
  const given = ["jwks", "file", "url"].filter((name) => Object.hasOwn(Object(keys), name));
  if (given.length !== 1) throw invalid('The option "keys" must have one of "jwks", "file" and "url", and only one.');
  if ("ca" in keys && !("url" in keys)) throw invalid('The option "keys.ca" goes with "keys.url" only.');
  if ("jwks" in keys) return readKeys(keys.jwks, 'The option "keys.jwks"');
  const fresh = new FreshKeys("file" in keys ? fileSource(keys.file) : webSource(keys, clock), clock);
  return (header, token) => fresh.find(header, token);
}

/** Looks at the file at once: a service that can't check a token should not start. */
function fileSource(path: string): KeySource {
  const name = `The key file ${path}`;
  let text: string;
  try {
    checkFile(statSync(path));
    text = readFileSync(path, "utf8");
  } catch (cause) {
    const text = `${unreadable(name, cause as Error)} Give the issuer's JSON Web Key Set, saved to a file.`;
    throw new HoldfastError("invalid-argument", text, { cause });
  }
  parseKeys(text, name);
  const read = async () => {
    checkFile(await stat(path));
    return await readFile(path, "utf8");
  };
  return { name, read, maxAge: 1_000, cooldown: 1_000, retry: 1_000 };
}

/** A pipe would never end. */
function checkFile(found: { isFile(): boolean; readonly size: number }): void {
  if (!found.isFile()) throw new Error("this is no file");
  if (found.size > MAX_SIZE) throw new Error(`it is longer than ${MAX_SIZE} bytes`);
}

function webSource({ url, ca }: { readonly url: string | URL; readonly ca?: string }, clock: Clock): KeySource {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (address?.protocol !== "https:" || address.username !== "" || address.password !== "") {
    throw invalid('The option "keys.url" must be an address that begins with "https:", with no password in it.');
  }
  if (ca !== undefined) checkAuthority(ca);
  return {
    name: `The key set ${address.origin}${address.pathname}`,
    read: () => fetchText(address, { ca, timeout: TIMEOUT, size: MAX_SIZE, clock }),
    maxAge: 600_000,
    cooldown: 30_000,
    retry: 5_000,
  };
}

function checkAuthority(ca: string): void {
  try {
    new X509Certificate(ca);
  } catch (cause) {
    const text =
      'The option "keys.ca" can\'t be read. Give the text of a PEM file with the certificate of an authority.';
    throw new HoldfastError("invalid-argument", text, { cause });
  }
}

function invalid(text: string): HoldfastError {
  return new HoldfastError("invalid-argument", text);
}
