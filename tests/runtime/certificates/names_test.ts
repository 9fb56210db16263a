import assert from "node:assert/strict";
import { test } from "node:test";
// What @peculiar/x509 is built on needs this before it is loaded.
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import * as asn1 from "asn1js";
import fc from "fast-check";
import { decode } from "../../../runtime/certificates/der.ts";
import {
  describeName,
  distinguishedName,
  isNameOfProxy,
  isSameName,
  isWithin,
  readName,
} from "../../../runtime/certificates/names.ts";
import type { Name } from "../../../runtime/certificates/names.ts";
import { seeded } from "../../seed.ts";

const CN = "2.5.4.3";
const utf8 = (value: string) => new asn1.Utf8String({ value });

/** A name of parts, each of attributes: type and value. */
function nameOf(...parts: readonly (readonly (readonly [string, asn1.BaseBlock])[])[]): Name {
  const name = new asn1.Sequence({
    value: parts.map((part) =>
      new asn1.Set({
        value: part.map(([type, value]) =>
          new asn1.Sequence({ value: [new asn1.ObjectIdentifier({ value: type }), value] })
        ),
      })
    ),
  });
  return readName(decode(new Uint8Array(name.toBER())));
}

/** A name with one `CN`. */
const called = (value: asn1.BaseBlock) => nameOf([[CN, value]]);

test("distinguishedName: every type that has a short name, in the order of the certificate", () => {
  const types: [string, string][] = [
    ["2.5.4.6", "C"],
    ["0.9.2342.19200300.100.1.25", "DC"],
    ["2.5.4.8", "ST"],
    ["2.5.4.7", "L"],
    ["2.5.4.9", "street"],
    ["2.5.4.10", "O"],
    ["2.5.4.11", "OU"],
    [CN, "CN"],
    ["2.5.4.4", "SN"],
    ["2.5.4.42", "GN"],
    ["2.5.4.43", "initials"],
    ["2.5.4.12", "title"],
    ["2.5.4.46", "dnQualifier"],
    ["2.5.4.65", "pseudonym"],
    ["2.5.4.5", "serialNumber"],
    ["0.9.2342.19200300.100.1.1", "UID"],
    ["1.2.840.113549.1.9.1", "emailAddress"],
    ["1.2.3.4", "1.2.3.4"],
  ];
  const name = nameOf(...types.map(([type]) => [[type, utf8("x")]] as const));
  assert.equal(distinguishedName(name), types.map(([, short]) => `/${short}=x`).join(""));
});

for (
  const [what, value, written] of [
    ["a plain one", utf8("alice"), "/CN=alice"],
    ["a host", utf8("host/data.lab.example"), "/CN=host/data.lab.example"],
    [
      "a robot's, with punctuation",
      utf8("Robot: data manager - (x), #1 'y' = z"),
      "/CN=Robot: data manager - (x), #1 'y' = z",
    ],
    ["an address of the web", utf8("https://lab.example/?a=b"), "/CN=https://lab.example/?a=b"],
    ["not ASCII: the bytes, as OpenSSL writes them", utf8("é€"), "/CN=\\xC3\\xA9\\xE2\\x82\\xAC"],
    ["PrintableString", new asn1.PrintableString({ value: "alice" }), "/CN=alice"],
    ["IA5String", new asn1.IA5String({ value: "alice@lab" }), "/CN=alice@lab"],
    ["TeletexString that is ASCII", new asn1.TeletexString({ value: "alice" }), "/CN=alice"],
    ["empty", utf8(""), "/CN="],
  ] as const
) {
  test(`distinguishedName: ${what}`, () => assert.equal(distinguishedName(called(value)), written));
}

for (
  const [what, value, why] of [
    ["another part behind a slash", utf8("x/CN=admin"), /reads as further parts/],
    ["another part of an unknown type", utf8("x/1.2.3=admin"), /reads as further parts/],
    ["another part in front", utf8("/O=Lab"), /reads as further parts/],
    ["another attribute behind a plus", utf8("x+OU=admin"), /reads as further parts/],
    ["a backslash", utf8("\\xC3\\xA9"), /backslash/],
    ["a NUL", utf8("admin\0.evil"), /control character/],
    ["a line's end", utf8("admin\nx"), /control character/],
    ["DEL", utf8("admin\x7f"), /control character/],
    ["BMPString", new asn1.BmpString({ value: "alice" }), /type of string that is not taken/],
    ["UniversalString", new asn1.UniversalString({ value: "alice" }), /type of string that is not taken/],
    ["TeletexString beyond ASCII", new asn1.TeletexString({ value: "\xe9" }), /type of string that is not taken/],
    ["no string", new asn1.Integer({ value: 1 }), /type of string that is not taken/],
  ] as const
) {
  test(`distinguishedName: refuses ${what}`, () => {
    assert.throws(() => distinguishedName(called(value)), why);
    // It can be told of even so.
    assert.match(describeName(called(value)), /^\/CN=[\x20-\x7e]*$/);
  });
}

test("distinguishedName: refuses an empty name", () => assert.throws(() => distinguishedName([]), /empty/));

test("distinguishedName: a part of several attributes", () => {
  assert.equal(distinguishedName(nameOf([["2.5.4.11", utf8("o")], [CN, utf8("x")]])), "/OU=o+CN=x");
});

test("distinguishedName: no two names are written alike", () => {
  const value = fc.string({
    unit: fc.constantFrom("a", "/", "=", "+", "CN", "\\", "\\xC3", "é", "1.2", " "),
    maxLength: 4,
  });
  const attribute = fc.tuple(fc.constantFrom(CN, "2.5.4.10", "1.2"), value);
  const name = fc.array(fc.array(attribute, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 3 });
  const written = new Map<string, string>();
  let repeated = 0;
  const property = fc.property(name, (parts) => {
    const made = nameOf(...parts.map((part) => part.map(([type, text]) => [type, utf8(text)] as const)));
    let text: string;
    try {
      text = distinguishedName(made);
    } catch {
      return;
    }
    const known = written.get(text);
    if (known !== undefined) repeated++;
    assert.equal(JSON.stringify(parts), known ?? JSON.stringify(parts), text);
    written.set(text, JSON.stringify(parts));
  });
  fc.assert(property, seeded("distinguishedName", 5000));
  assert(repeated > 0 && written.size > 100, `${repeated} of ${written.size} came again: too few to tell`);
});

test("readName: what is no name", () => {
  assert.throws(() => nameOf([]), /empty part/);
  assert.throws(() => readName(decode(new Uint8Array(new asn1.Set().toBER()))), /SEQUENCE/);
});

test("isSameName: capitals, spaces and types of strings don't matter; all else does", () => {
  const alice = called(utf8("Alice  B"));
  assert(isSameName(alice, called(new asn1.PrintableString({ value: " alice b " }))));
  for (const other of ["Alice", "Alice B C", "AliceB", "Älice B"]) {
    assert(!isSameName(alice, called(utf8(other))), other);
  }
  assert(!isSameName(alice, nameOf([["2.5.4.10", utf8("Alice B")]])));
  assert(!isSameName(alice, nameOf([[CN, utf8("Alice B")]], [[CN, utf8("Alice B")]])));
  // Two parts of one attribute each are not one part of two.
  const [a, b] = [[CN, utf8("a")], [CN, utf8("b")]] as const;
  assert(!isSameName(nameOf([a, b]), nameOf([a], [b])));
  assert(isSameName(nameOf([a, b]), nameOf([b, a])));
  assert(!isSameName(called(utf8("à")), called(utf8("á"))));
});

test("isWithin and isNameOfProxy: below, and below by one CN", () => {
  const [lab, alice, proxy, second] = ["/O=Lab", "/O=Lab/CN=alice", "/O=Lab/CN=alice/CN=1", "/O=Lab/CN=alice/CN=1/CN=2"]
    .map((text) => {
      const parts = text.split("/").slice(1).map((part) => part.split("="));
      const name = new x509.Name(parts.map(([type, value]) => ({ [type!]: [value!] })));
      return readName(decode(new Uint8Array(name.toArrayBuffer())));
    }) as [Name, Name, Name, Name];
  assert(isWithin(alice, lab) && isWithin(alice, alice) && !isWithin(lab, alice));
  assert(isNameOfProxy(proxy, alice) && isNameOfProxy(second, proxy));
  assert(!isNameOfProxy(second, alice) && !isNameOfProxy(alice, alice) && !isNameOfProxy(alice, proxy));
});
