/**
 * The one form of a definition in bytes: canonical JSON (RFC 8785). What both sides must agree on is hashed; doc comments
 * travel beside it; rules never do.
 *
 * @module
 */

import canonicalize from "canonicalize";
import { createHash } from "node:crypto";
import type { Definition, Shape } from "./definition.ts";

const hashes = new WeakMap<Shape, Uint8Array>();

/**
 * Hashes a shape: two sides whose hashes are equal read and write the same.
 *
 * @param shape The shape, which doesn't change any more: its hash is kept as long as it lives.
 * @returns The SHA-256 of its canonical JSON: 32 bytes, a fresh copy each time.
 */
export function hashShape(shape: Shape): Uint8Array {
  let hash = hashes.get(shape);
  if (hash === undefined) {
    hash = new Uint8Array(createHash("sha256").update(canonicalJson(shape)).digest());
    hashes.set(shape, hash);
  }
  return hash.slice();
}

/**
 * Whether two shapes say the same.
 *
 * @param a A shape.
 * @param b A shape.
 * @returns Whether their canonical forms are equal.
 */
export function shapesEqual(a: Shape, b: Shape): boolean {
  return a === b || canonicalJson(a) === canonicalJson(b);
}

/**
 * Writes what a service tells of its definition: the shape and the doc comments, not the rules.
 *
 * @param definition The definition.
 * @returns Canonical JSON in UTF-8, which `readDefinition` reads.
 */
export function encodeDefinition(definition: Definition): Uint8Array {
  return new TextEncoder().encode(canonicalJson({ shape: definition.shape, docs: definition.docs }));
}

/**
 * Writes JSON as RFC 8785 asks for it.
 *
 * @param value A JSON value that is nested a few hundred levels at the most; members that are `undefined` are left out.
 * @returns Its canonical text.
 * @throws {Error} If a string in it is not valid Unicode, or a number is not finite.
 */
export function canonicalJson(value: object): string {
  return canonicalize(value)!;
}
