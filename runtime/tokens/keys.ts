/**
 * The public keys that tokens are checked with, and how they are kept fresh without letting clients decide how often.
 *
 * @module
 */

import { createLocalJWKSet, errors } from "jose";
import type { CryptoKey, FlattenedJWSInput, JSONWebKeySet, JWSHeaderParameters } from "jose";
import type { Clock } from "../clock.ts";
import { HoldfastError } from "../errors.ts";

/** Finds the key that a token says it is signed with. */
export type FindKey = (header: JWSHeaderParameters, token: FlattenedJWSInput) => Promise<CryptoKey>;

/** Where a set of keys is. Times are in milliseconds. */
export interface KeySource {
  /** What it is called in the log. */
  readonly name: string;
  /** Reads it; rejects with words that fit behind a colon. */
  read(): Promise<string>;
  /** How old keys may become. */
  readonly maxAge: number;
  /** How long they are not read again after that, whatever clients show. */
  readonly cooldown: number;
  /** The same after a failure. */
  readonly retry: number;
}

/** More than any issuer has: a token that names no key is tried with each. */
const MAX_KEYS = 64;

/** What no public key has. */
const SECRET_PARTS = ["d", "k", "priv"];

/**
 * Makes what finds keys in a set that does not change.
 *
 * @param set A JSON Web Key Set.
 * @param name What it is called in errors.
 * @throws {HoldfastError} `invalid-argument` if it is none.
 */
export function readKeys(set: unknown, name: string): FindKey {
  const invalid = (text: string) => new HoldfastError("invalid-argument", `${name} ${text}`);
  const keys = (set as { keys?: unknown } | null | undefined)?.keys;
  if (!Array.isArray(keys) || !keys.every((key) => typeof key === "object" && key !== null)) {
    throw invalid('is no JSON Web Key Set: an object with a list "keys".');
  }
  if (keys.length === 0) throw invalid("has no keys.");
  if (keys.length > MAX_KEYS) throw invalid(`has ${keys.length} keys: ${MAX_KEYS} are the most.`);
  if (keys.some((key) => SECRET_PARTS.some((part) => Object.hasOwn(key, part)))) {
    throw invalid("has a secret key, which belongs to its issuer alone. Give the public keys, and have it replaced.");
  }
  return createLocalJWKSet(set as JSONWebKeySet);
}

/** The same for the text of one. */
export function parseKeys(text: string, name: string): FindKey {
  let set: unknown;
  try {
    set = JSON.parse(text);
  } catch {
    // What the parser says quotes the text.
    throw new HoldfastError("invalid-argument", `${name} is no JSON.`);
  }
  return readKeys(set, name);
}

/** Keys that are read again when they are old, and when a token names one that is not among them. */
export class FreshKeys {
  readonly #source: KeySource;
  readonly #clock: Clock;
  #text: string | undefined;
  /** There since they were read first. */
  #find: FindKey | undefined;
  /** When they were read last with success, and when at all. */
  #readAt = -Infinity;
  #triedAt = -Infinity;
  #failure: HoldfastError | undefined;
  #reading: Promise<void> | undefined;

  constructor(source: KeySource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  /**
   * Finds the key that a token says it is signed with.
   *
   * @throws {HoldfastError} `unreachable` if the keys can't be read.
   * @throws {errors.JWKSNoMatchingKey} If there is no such key.
   * @throws {errors.JWKSMultipleMatchingKeys} If the token does not say which one it is.
   */
  async find(header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey> {
    if (this.#old) await this.#refresh();
    try {
      return await this.#find!(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
    }
    await this.#refresh();
    return await this.#find!(header, token);
  }

  get #old(): boolean {
    return this.#clock.now() - this.#readAt >= this.#source.maxAge;
  }

  /** Reads the keys again, unless that was done just now. Throws if it went wrong; there are keys if not. */
  async #refresh(): Promise<void> {
    const { cooldown, retry } = this.#source;
    const rested = this.#clock.now() - this.#triedAt >= (this.#failure === undefined ? cooldown : retry);
    if (this.#reading === undefined && rested) this.#reading = this.#read();
    await this.#reading;
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #read(): Promise<void> {
    const { name } = this.#source;
    try {
      const text = await this.#source.read();
      // Those that have not changed need not be made ready again.
      if (text !== this.#text) this.#find = parseKeys(text, name);
      this.#text = text;
      this.#readAt = this.#clock.now();
      this.#failure = undefined;
    } catch (error) {
      const why = error instanceof HoldfastError ? error.message : unreadable(name, error as Error);
      this.#failure = new HoldfastError("unreachable", `No token can be checked. ${why}`, { cause: error });
    }
    this.#triedAt = this.#clock.now();
    this.#reading = undefined;
  }
}

/** What is said of keys that can't be read. */
export function unreadable(name: string, { message }: Error): string {
  return `${name} can't be read: ${message.replace(/\.$/, "")}.`;
}
