/**
 * Reading DER: what asn1js decodes, taken field by field, each of the type that it must have.
 *
 * Everything here throws a plain `Error` that says what is wrong. Whoever knows whose bytes they are makes a
 * HoldfastError of it.
 *
 * @module
 */

import {
  BitString,
  Boolean,
  Constructed,
  fromBER,
  Integer,
  ObjectIdentifier,
  OctetString,
  Sequence,
  UTCTime,
} from "asn1js";
import type { AsnType } from "asn1js";

/** Anything that asn1js has decoded. */
export type Node = AsnType;

const CONTEXT = 3;
const GENERALIZED_TIME = 24;

/**
 * Decodes one value, and nothing after it.
 *
 * @param der The bytes.
 * @param most How many values may stand in one another: each costs memory.
 */
export function decode(der: Uint8Array, most = 10_000): Node {
  // Octet strings are not searched for further values: what they hold is decoded where it is known what it should be.
  const { offset, result } = fromBER(der as Uint8Array<ArrayBuffer>, { maxNodes: most, parseEmbedded: false });
  if (offset === -1) throw new Error(result.error === "" ? "its bytes are not DER" : result.error);
  if (offset !== der.length) throw new Error(`${der.length - offset} bytes follow its end`);
  return result;
}

/** The fields of a SEQUENCE, a SET or a tagged value, taken one after another. */
export class Fields {
  readonly #nodes: readonly Node[];
  #at = 0;

  constructor(node: Node) {
    if (!(node instanceof Constructed)) throw new Error(`${nameOf(node)} stands where several values should`);
    this.#nodes = node.valueBlock.value as Node[];
  }

  /** The next field, which must be of that type. */
  take<T extends Node>(type: new() => T): T {
    const node = this.takeIf(type);
    if (node !== undefined) return node;
    const found = this.#nodes[this.#at];
    throw new Error(`${found === undefined ? "nothing" : nameOf(found)} stands where ${type.name} should`);
  }

  /** The next field if it is of that type. */
  takeIf<T extends Node>(type: new() => T): T | undefined {
    const node = this.#nodes[this.#at];
    if (!(node instanceof type)) return undefined;
    this.#at++;
    return node;
  }

  /** The next field if it has that context-specific tag. */
  takeTagged(tag: number): Node | undefined {
    const node = this.#nodes[this.#at];
    if (node === undefined || tagOf(node) !== tag) return undefined;
    this.#at++;
    return node;
  }

  /** The next field, whatever it is. */
  takeAny(): Node {
    const node = this.#nodes[this.#at++];
    if (node === undefined) throw new Error("a field is missing");
    return node;
  }

  /** All that is left. */
  rest(): readonly Node[] {
    const rest = this.#nodes.slice(this.#at);
    this.#at = this.#nodes.length;
    return rest;
  }

  /** Makes sure that nothing is left. */
  end(): void {
    const node = this.#nodes[this.#at];
    if (node !== undefined) throw new Error(`${nameOf(node)} stands where nothing should`);
  }
}

/** The fields of a SEQUENCE. */
export function sequence(node: Node): Fields {
  if (!(node instanceof Sequence)) throw new Error(`${nameOf(node)} stands where a SEQUENCE should`);
  return new Fields(node);
}

/** The one value within an explicit tag. */
export function untagged(node: Node): Node {
  const fields = new Fields(node);
  const inner = fields.takeAny();
  fields.end();
  return inner;
}

/** Its context-specific tag, if it has one. */
export function tagOf(node: Node): number | undefined {
  return node.idBlock.tagClass === CONTEXT ? node.idBlock.tagNumber : undefined;
}

/** The whole value as it was encoded. */
export function encoded(node: Node): Uint8Array {
  return node.valueBeforeDecodeView;
}

/** What a value that holds no others was encoded as, without tag and length. */
export function content(node: Node): Uint8Array {
  if (node.idBlock.isConstructed) throw new Error(`${nameOf(node)} is in pieces`);
  return node.valueBeforeDecodeView.subarray(node.idBlock.blockLength + node.lenBlock.blockLength);
}

/** A small whole number that is not negative. */
export function count(node: Node): number {
  if (!(node instanceof Integer) && tagOf(node) === undefined) throw new Error(`${nameOf(node)} is not a number`);
  const bytes = content(node);
  if (bytes.length === 0 || bytes.length > 4 || bytes[0]! > 0x7f) throw new Error("a number is out of bounds");
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** A truth. */
export function truth(node: Boolean | undefined): boolean {
  return node !== undefined && content(node)[0] !== 0;
}

/** A BIT STRING of whole bytes: a key, a signature. */
export function bitString(node: BitString): Uint8Array {
  const bytes = content(node);
  if (bytes[0] !== 0) throw new Error("a string of bits does not end with a byte");
  return bytes.subarray(1);
}

/** A point in time, in milliseconds since 1970: `YYMMDDHHMMSSZ`, or with four digits of the year. */
export function time(node: UTCTime): number {
  const text = latin1(content(node));
  const isLong = node.idBlock.tagNumber === GENERALIZED_TIME;
  const [, year, ...rest] = (isLong ? /^(\d{4})((?:\d\d){5})Z$/ : /^(\d\d)((?:\d\d){5})Z$/).exec(text) ?? [];
  if (year === undefined) throw new Error(`"${printable(text)}" is not a time`);
  const [month, day, hour, minute, second] = rest[0]!.match(/../g)!;
  const full = isLong ? year : (Number(year) < 50 ? "20" : "19") + year;
  const iso = `${full}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const milliseconds = Date.parse(iso);
  // The 30th of February and its like come out as another day.
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString() !== iso) {
    throw new Error(`${iso} is not a time`);
  }
  return milliseconds;
}

/** Bytes as hexadecimal digits. */
export function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Bytes as characters, one each. */
export function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

/** A text that somebody else has made, for a log: on one line, of bounded length. */
export function printable(text: string, most = 200): string {
  const clean = text.replaceAll(/[^\x20-\x7e]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`);
  return clean.length > most ? `${clean.slice(0, most)}…` : clean;
}

function nameOf(node: Node): string {
  return tagOf(node) === undefined ? node.constructor.name : `[${tagOf(node)}]`;
}

export { BitString, Boolean, Integer, ObjectIdentifier, OctetString, Sequence, UTCTime };
