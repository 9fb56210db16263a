/**
 * What generated code calls for what is too long to stand in it at every place. Whatever is wrong ends in {@link BAIL}: what
 * exactly, the interpreting codec finds out.
 *
 * @module
 */

import { countCodePoints, isPlainObject } from "../../../value.ts";
import { byteLengthOf } from "../../values/scalars.ts";
import type { Reader } from "../reader.ts";
import { ascending } from "../values/containers.ts";
import { MAX_TIME } from "../values/numbers.ts";
import type { Writer } from "../writer.ts";

/** Thrown, and caught by whoever called generated code, where a value or bytes are not what they should be. */
const BAIL: unknown = new Error("generated code gave up");

const { getOwnPropertyNames, getPrototypeOf, hasOwn } = Object;
const getTime = Date.prototype.getTime;
const objectPrototype: unknown = Object.prototype;

/** Throws if it is no object that may stand for a record or, arrays aside, for a map. Most have the usual prototype. */
function plain(value: object): void {
  if (getPrototypeOf(value) !== objectPrototype && !isPlainObject(value)) throw BAIL;
}

/** The keys of a map, sorted. */
function keys(value: object): string[] {
  if (Array.isArray(value)) throw BAIL;
  plain(value);
  return ascending(getOwnPropertyNames(value));
}

/** That all of these are fields: for those that are not in the order of the fields. */
function allKnown(names: readonly string[], fields: ReadonlySet<string>): void {
  for (let i = 0; i < names.length; i++) if (!fields.has(names[i]!)) throw BAIL;
}

/** That what `for`-`in` has found, and is no field, is none of the object's own. */
function inherited(value: object, name: string): void {
  if (hasOwn(value, name)) throw BAIL;
}

/** Small enough to be put where it is called. */
function writeText(to: Writer, value: unknown): void {
  if (typeof value !== "string" || !to.shortAscii(value)) writeLongText(to, value);
}

function writeLongText(to: Writer, value: unknown): void {
  if (typeof value !== "string" || to.string(value) !== value.length && !value.isWellFormed()) throw BAIL;
}

function writeBounded(to: Writer, value: unknown, min: number, max: number): void {
  if (typeof value !== "string" || value.length > 2 * max) throw BAIL;
  let length = value.length;
  if (to.string(value) !== length) {
    if (!value.isWellFormed()) throw BAIL;
    length = countCodePoints(value);
  }
  if (length < min || length > max) throw BAIL;
}

function readBounded(from: Reader, min: number, max: number): string {
  const bytes = from.varint();
  if (bytes > 4 * max) throw BAIL;
  const text = from.text(bytes);
  const length = text.length === bytes ? bytes : countCodePoints(text);
  if (length < min || length > max) throw BAIL;
  return text;
}

function writeBytes(to: Writer, value: unknown, min: number, max: number): void {
  if (!(value instanceof Uint8Array)) throw BAIL;
  const length = byteLengthOf.call(value); // throws, too, if it is only made to look like one
  if (length < min || length > max) throw BAIL;
  to.varint(length);
  to.reserve(length);
  to.bytes.set(value, to.at);
  to.at += length;
}

function readBytes(from: Reader, min: number, max: number): Uint8Array {
  const length = from.varint();
  if (length < min || length > max) throw BAIL;
  return from.raw(length);
}

function writeTime(to: Writer, value: unknown): void {
  if (!(value instanceof Date)) throw BAIL;
  const time = getTime.call(value);
  if (time !== time) throw BAIL;
  to.signedVarint(time);
}

function readTime(from: Reader): Date {
  const time = from.signedVarint();
  if (time > MAX_TIME || time < -MAX_TIME) throw BAIL;
  return new Date(time);
}

/** What generated code knows by these names. */
export const SUPPORT: { readonly [name: string]: unknown } = {
  BAIL,
  isArray: Array.isArray,
  isSafeInteger: Number.isSafeInteger,
  bare: Object.create,
  plain,
  keys,
  namesOf: Object.keys,
  allKnown,
  inherited,
  writeText,
  writeBounded,
  readBounded,
  writeBytes,
  readBytes,
  writeTime,
  readTime,
};
