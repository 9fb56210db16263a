/**
 * Distinguished names: compared as RFC 5280 does, and written as DIRAC does.
 *
 * DIRAC knows people by OpenSSL's one-line form, `/C=ch/O=Lab/CN=alice`. That form is not safe by itself: an
 * organisation called `Lab/CN=admin` reads as two parts. So what cannot be told apart from another name is refused, and
 * what is common stays as it is known, as in `/CN=host/data.example.org`.
 *
 * @module
 */

import { Set as SetOf } from "asn1js";
import { content, encoded, Fields, hexadecimal, latin1, ObjectIdentifier, printable, sequence } from "./der.ts";
import type { Node } from "./der.ts";

/** One attribute of a name. */
interface Attribute {
  /** Its identifier. */
  readonly type: string;
  /** The bytes of its value if those are a string in UTF-8 (or ASCII, which is that as well). */
  readonly text: Uint8Array | undefined;
  /** What it is compared by. */
  readonly key: string;
}

/** A distinguished name: parts, which are of one attribute each as a rule. */
export type Name = readonly (readonly Attribute[])[];

/** As OpenSSL abbreviates them. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  "2.5.4.3": "CN",
  "2.5.4.4": "SN",
  "2.5.4.5": "serialNumber",
  "2.5.4.6": "C",
  "2.5.4.7": "L",
  "2.5.4.8": "ST",
  "2.5.4.9": "street",
  "2.5.4.10": "O",
  "2.5.4.11": "OU",
  "2.5.4.12": "title",
  "2.5.4.42": "GN",
  "2.5.4.43": "initials",
  "2.5.4.46": "dnQualifier",
  "2.5.4.65": "pseudonym",
  "0.9.2342.19200300.100.1.1": "UID",
  "0.9.2342.19200300.100.1.25": "DC",
  "1.2.840.113549.1.9.1": "emailAddress",
};

const COMMON_NAME = "2.5.4.3";
const EMAIL_ADDRESS = "1.2.840.113549.1.9.1";

/** Types of strings whose bytes are UTF-8: UTF8String, NumericString, PrintableString, IA5String, VisibleString. */
const UTF8_STRINGS: readonly number[] = [12, 18, 19, 22, 26];

/** TeletexString: where it is all ASCII, as in certificates of long ago, it is that as well. */
const TELETEX_STRING = 20;

/** Within a value, what reads as the beginning of another attribute. */
const FORGERY = /[/+][A-Za-z0-9.]+=/;

/** Reads a name. */
export function readName(node: Node): Name {
  return sequence(node).rest().map((part) => {
    if (!(part instanceof SetOf)) throw new Error("a name has a part that is not a SET");
    const attributes = new Fields(part).rest().map(readAttribute);
    if (attributes.length === 0) throw new Error("a name has an empty part");
    return attributes;
  });
}

function readAttribute(node: Node): Attribute {
  const fields = sequence(node);
  const type = fields.take(ObjectIdentifier).getValue();
  const value = fields.takeAny();
  fields.end();
  const { tagClass, tagNumber } = value.idBlock;
  const isText = tagClass === 1
    && (UTF8_STRINGS.includes(tagNumber)
      || (tagNumber === TELETEX_STRING && content(value).every((byte) => byte < 0x80)));
  if (!isText) return { type, text: undefined, key: `${type}#${hexadecimal(encoded(value))}` };
  const text = content(value);
  // RFC 5280 7.1 wants more for other scripts (RFC 4518); OpenSSL and others leave it at this.
  const folded = latin1(text).replaceAll(/^ +| +$/g, "").replaceAll(/ +/g, " ").replaceAll(
    /[A-Z]/g,
    (letter) => letter.toLowerCase(),
  );
  return { type, text, key: `${type}=${folded}` };
}

/** What is the same for two names that are: capitals, runs of spaces and types of strings don't matter. */
export function keyOfName(name: Name): string {
  return JSON.stringify(name.map(keyOf));
}

/** Whether two names are the same. */
export function isSameName(one: Name, other: Name): boolean {
  return keyOfName(one) === keyOfName(other);
}

/** Whether a name is another one, or below it. */
export function isWithin(name: Name, base: Name): boolean {
  return base.length <= name.length && base.every((part, index) => keyOf(part) === keyOf(name[index]!));
}

/** Whether a name is another one and one `CN` more: that of a proxy, and of who has made it. */
export function isNameOfProxy(name: Name, issuer: Name): boolean {
  const last = name.at(-1);
  return name.length === issuer.length + 1 && isWithin(name, issuer) && last!.length === 1
    && last![0]!.type === COMMON_NAME;
}

/** The last `CN` of a name, for texts. */
export function lastCommonName(name: Name): string | undefined {
  const [attribute] = name.at(-1) ?? [];
  return attribute?.type === COMMON_NAME && attribute.text !== undefined ? latin1(attribute.text) : undefined;
}

/** The e-mail addresses in a name. */
export function emailsOf(name: Name): string[] {
  return name.flat().filter(({ type }) => type === EMAIL_ADDRESS).map(({ text }) => latin1(text ?? new Uint8Array()));
}

/**
 * Writes a name as DIRAC knows it: of what is not ASCII, the bytes as `\xC3`. No two names are written alike.
 *
 * @throws {Error} What is wrong with a name that could be taken for another one, and with one that says nothing.
 */
export function distinguishedName(name: Name): string {
  if (name.length === 0) throw new Error("its name is empty");
  return name.map((part) => `/${part.map(writeAttribute).join("+")}`).join("");
}

function writeAttribute({ type, text }: Attribute): string {
  const label = labelOf(type);
  if (text === undefined) throw new Error(`the ${label} in its name is of a type of string that is not taken`);
  const value = latin1(text);
  if (value.includes("\\")) throw new Error(`the ${label} in its name has a backslash, which escapes in names`);
  if (text.some((byte) => byte < 0x20 || byte === 0x7f)) {
    throw new Error(`the ${label} in its name has a control character`);
  }
  if (FORGERY.test(value)) {
    throw new Error(`the ${label} in its name, "${printable(value)}", reads as further parts of a name`);
  }
  return `${label}=${
    value.replaceAll(/[^\x20-\x7e]/g, (char) => `\\x${char.charCodeAt(0).toString(16).toUpperCase()}`)
  }`;
}

/** Writes any name whatever, for texts. */
export function describeName(name: Name): string {
  const parts = name.flat().map(({ type, text }) => `/${labelOf(type)}=${text === undefined ? "?" : latin1(text)}`);
  return printable(parts.join("")) || "(no name)";
}

function labelOf(type: string): string {
  return SHORT_NAMES[type] ?? type;
}

/** SET has no order, though DER gives it one. */
function keyOf(part: readonly Attribute[]): string {
  return JSON.stringify(part.map(({ key }) => key).sort());
}
