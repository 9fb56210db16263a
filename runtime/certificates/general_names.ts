/**
 * The further names of a certificate (`subjectAltName`), and the constraints that an authority's certificate puts on the
 * names of all below it (RFC 5280 4.2.1.10).
 *
 * @module
 */

import { content, count, encoded, latin1, printable, sequence, tagOf, untagged } from "./der.ts";
import type { Node } from "./der.ts";
import { describeName, emailsOf, isWithin, readName } from "./names.ts";
import type { Name } from "./names.ts";

/** One name. */
export type GeneralName =
  | { readonly kind: "email" | "dns" | "uri"; readonly value: string }
  | { readonly kind: "directory"; readonly value: Name }
  | { readonly kind: "ip"; readonly value: Uint8Array }
  | { readonly kind: `type ${number}`; readonly value: Uint8Array };

/** What the names below an authority must be, and what they must not. */
export interface NameConstraints {
  readonly permitted: readonly GeneralName[];
  readonly excluded: readonly GeneralName[];
}

/** Who is called what. */
export interface Named {
  readonly subject: Name;
  readonly names: readonly GeneralName[];
}

/** Reads one name. */
export function readGeneralName(node: Node): GeneralName {
  const tag = tagOf(node);
  if (tag === undefined) throw new Error("a name has no type");
  if (tag === 1) return { kind: "email", value: latin1(content(node)) };
  if (tag === 2) return { kind: "dns", value: latin1(content(node)) };
  if (tag === 4) return { kind: "directory", value: readName(untagged(node)) };
  if (tag === 6) return { kind: "uri", value: latin1(content(node)) };
  if (tag === 7) return { kind: "ip", value: content(node) };
  return { kind: `type ${tag}`, value: encoded(node) };
}

/** Reads an extension `nameConstraints`. */
export function readNameConstraints(node: Node): NameConstraints {
  const fields = sequence(node);
  const permitted = fields.takeTagged(0);
  const excluded = fields.takeTagged(1);
  fields.end();
  return { permitted: readSubtrees(permitted), excluded: readSubtrees(excluded) };
}

function readSubtrees(node: Node | undefined): GeneralName[] {
  if (node === undefined) return [];
  const { value } = node.valueBlock as { value?: Node[] };
  return (value ?? []).map((subtree) => {
    const fields = sequence(subtree);
    const base = readGeneralName(fields.takeAny());
    const least = fields.takeTagged(0);
    fields.end();
    if (least !== undefined && count(least) !== 0) {
      throw new Error("name constraints have a minimum, which is not in use");
    }
    return base;
  });
}

/**
 * Looks at all names of a certificate.
 *
 * @param named Who is called what.
 * @param constraints What an authority above says.
 * @returns What is wrong; `undefined` if nothing is.
 */
export function breachOf({ subject, names }: Named, { permitted, excluded }: NameConstraints): string | undefined {
  const all: GeneralName[] = [...names, ...emailsOf(subject).map((value) => ({ kind: "email" as const, value }))];
  if (subject.length > 0) all.push({ kind: "directory", value: subject });
  for (const name of all) {
    const allowed = permitted.filter(({ kind }) => kind === name.kind);
    if (allowed.length > 0 && !allowed.some((base) => covers(base, name) === true)) {
      return `${describe(name)} is not among the names that an authority above it is allowed`;
    }
    // What can't be compared may well be what is excluded.
    if (excluded.some((base) => base.kind === name.kind && covers(base, name) !== false)) {
      return `${describe(name)} is among the names that an authority above it is denied`;
    }
  }
  return undefined;
}

/** Whether a name is within what a constraint says; `undefined` if that can't be told. */
function covers(base: GeneralName, name: GeneralName): boolean | undefined {
  if (base.kind === "directory" && name.kind === "directory") return isWithin(name.value, base.value);
  if (base.kind === "dns" && name.kind === "dns") return coversHost(base.value, name.value, true);
  if (base.kind === "email" && name.kind === "email") return coversEmail(base.value, name.value);
  if (base.kind === "uri" && name.kind === "uri") {
    const host = hostOf(name.value);
    return host === undefined ? undefined : coversHost(base.value, host, false);
  }
  if (base.kind === "ip" && name.kind === "ip") return coversAddress(base.value, name.value);
  return undefined;
}

/** `example.org` is itself and, `deep`, all below it; `.example.org` is all below it. */
function coversHost(base: string, host: string, deep: boolean): boolean {
  const wanted = base.toLowerCase();
  const name = host.toLowerCase();
  if (wanted.startsWith(".")) return name.endsWith(wanted);
  return name === wanted || (deep && (wanted === "" || name.endsWith(`.${wanted}`)));
}

/** A mailbox is itself only; a host, all mailboxes there; `.example.org`, all on hosts below it. */
function coversEmail(base: string, email: string): boolean | undefined {
  const at = email.lastIndexOf("@");
  if (at < 0) return undefined;
  const host = email.slice(at + 1);
  const split = base.lastIndexOf("@");
  if (split < 0) return coversHost(base, host, false);
  return base.slice(0, split) === email.slice(0, at) && coversHost(base.slice(split + 1), host, false);
}

function hostOf(uri: string): string | undefined {
  const host = URL.canParse(uri) ? new URL(uri).hostname : "";
  // Constraints are on host names: RFC 5280 has an address refused.
  return host === "" || /^[\d.]+$|^\[/.test(host) ? undefined : host;
}

/** The constraint is an address and a mask of the same length. */
function coversAddress(base: Uint8Array, address: Uint8Array): boolean | undefined {
  if (address.length !== 4 && address.length !== 16) return undefined;
  if (base.length !== 2 * address.length) return false;
  return address.every((byte, index) => ((byte ^ base[index]!) & base[address.length + index]!) === 0);
}

function describe(name: GeneralName): string {
  if (name.kind === "directory") return describeName(name.value);
  return typeof name.value === "string" ? `"${printable(name.value)}"` : `a name of its (${name.kind})`;
}
