import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
// What @peculiar/x509 is built on needs this before it is loaded.
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import fc from "fast-check";
import { createClientVerifier } from "../../../runtime/certificates/client_verifier.ts";
import { HoldfastError } from "../../../runtime/errors.ts";
import type { Evidence } from "../../../runtime/principal.ts";
import { issue, makeProxy } from "../../certificates.ts";
import type { Identity } from "../../certificates.ts";
import { seeded } from "../../seed.ts";
import { chainOf, der, makeAuthorities, signed } from "./lab.ts";

const { root, middle, foreign } = await makeAuthorities();
const alice = await issue({ of: middle });
const limited = await makeProxy(alice, { limited: true, group: "lab_user", groupType: "IA5" });
const verify = createClientVerifier({ ca: root.own, proxies: "limited" });

/** Runners have no patience with thousands of runs on a busy machine. */
const SLOW = { timeout: 60_000 };

/** What is proven, or `undefined` where that is refused as it should be: for a reason, and at once. */
async function judge(chain: readonly Uint8Array[]): Promise<Evidence | undefined> {
  const began = performance.now();
  try {
    return await verify(chain, Date.now());
  } catch (error) {
    assert(error instanceof HoldfastError && error.code === "certificate", `${(error as Error).stack}`);
    assert.match(error.message, /^[\x20-\x7e…]{10,1500}$/);
    return undefined;
  } finally {
    const took = performance.now() - began;
    assert(took < 1000, `${took} ms`);
  }
}

/** Why that is refused. */
async function reasonOf(chain: readonly Uint8Array[]): Promise<string> {
  assert.equal(await judge(chain), undefined);
  return await verify(chain, Date.now()).then(() => "", (error: HoldfastError) => error.message);
}

/** A certificate that says what it says, signed by anybody, without identifiers of keys that would tell at once. */
async function certificate(
  subject: string,
  issuer: string,
  by: CryptoKey,
  key: CryptoKey | Uint8Array,
  isAuthority = true,
): Promise<Uint8Array> {
  const made = await x509.X509CertificateGenerator.create({
    subject,
    issuer,
    signingKey: by,
    publicKey: key instanceof Uint8Array ? new x509.PublicKey(key.slice()) : key,
    signingAlgorithm: { name: "ECDSA", hash: "SHA-256" },
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 60_000),
    extensions: [new x509.BasicConstraintsExtension(isAuthority)],
  });
  return new Uint8Array(made.rawData);
}

test("createClientVerifier: authorities that vouch for each other lead around in circles, and are left soon", async () => {
  const [one, other] = [foreign.keys, middle.keys];
  const leaf = await issue({ of: foreign, wrong: { issuerName: "CN=one" }, subject: "/CN=a" });
  const ring = [
    await certificate("CN=one", "CN=other", other.privateKey, one.publicKey),
    await certificate("CN=other", "CN=one", one.privateKey, other.publicKey),
    await certificate("CN=one", "CN=one", one.privateKey, one.publicKey),
  ];
  assert.equal(await judge([leaf.der, ...ring, ...ring, ...ring]), undefined);
});

test("createClientVerifier: nine authorities of one name, each vouching for all, are left soon", async () => {
  const { privateKey, publicKey } = foreign.keys;
  const same = await Promise.all(Array.from({ length: 9 }, () => certificate("CN=x", "CN=x", privateKey, publicKey)));
  const leaf = await certificate("CN=x", "CN=x", privateKey, alice.keys.publicKey);
  assert.equal(await judge([leaf, ...same]), undefined);
  // The same with a user on top, so that it is these that are searched.
  const user = await issue({ of: foreign, wrong: { issuerName: "/CN=x" } });
  assert.equal(await judge([user.der, ...same]), undefined);
});

test("createClientVerifier: nine authorities of one name, none vouching for another, are left soon", async () => {
  const strangers = await Promise.all(
    Array.from({ length: 9 }, async () => {
      const pair = { name: "ECDSA", namedCurve: "P-384" } as const;
      const { publicKey } = await crypto.subtle.generateKey(pair, true, ["sign", "verify"]);
      return await certificate("CN=x", "CN=x", foreign.keys.privateKey, publicKey);
    }),
  );
  const leaf = await issue({ of: foreign, wrong: { issuerName: "/CN=x" } });
  assert.equal(await judge([leaf.der, ...strangers]), undefined);
});

test("createClientVerifier: a huge key is not used", async () => {
  const number = (bytes: number) => der(0x02, new Uint8Array(bytes).fill(0x5b));
  const rsa = der(0x30, Buffer.from("06092a864886f70d010101", "hex"), der(0x05));
  const key = (modulus: number, exponent: number) =>
    der(0x30, rsa, der(0x03, new Uint8Array([0]), der(0x30, number(modulus), number(exponent))));
  for (const [modulus, exponent] of [[2048, 2048], [2048, 3], [1024, 3]] as const) {
    const huge = await certificate("CN=x", "CN=x", foreign.keys.privateKey, key(modulus, exponent));
    const end = await certificate("CN=x", "CN=x", foreign.keys.privateKey, key(modulus, exponent), false);
    const leaf = await issue({ of: foreign, wrong: { issuerName: "/CN=x" } });
    for (const chain of [[leaf.der, huge], [end]]) assert.match(await reasonOf(chain), /larger than any that is taken/);
  }
  for (
    const [modulus, exponent, why] of [
      // Some runtimes don't take these either.
      [640, 3, /its RSA key has 51\d\d bits: 4096 are the most|its key can't be read/],
      [257, 250, /its RSA key has an exponent out of bounds|its key can't be read/],
    ] as const
  ) {
    const end = await certificate("CN=x", "CN=x", foreign.keys.privateKey, key(modulus, exponent), false);
    assert.match(await reasonOf([end]), why);
  }
});

test("createClientVerifier: DER that is large, deep or dense is left soon", async () => {
  const nulls = der(0x30, new Uint8Array(100_000).map((_, index) => index % 2 === 0 ? 5 : 0));
  let deep: Uint8Array = der(0x05);
  for (let depth = 0; depth < 20_000; depth++) deep = deep.length > 60_000 ? deep : der(0x30, deep);
  const identifier = der(0x06, new Uint8Array(100_000).fill(0xff));
  const number = der(0x02, new Uint8Array(100_000).fill(0x7f));
  const text = der(0x0c, new Uint8Array(100_000).fill(0xc3));
  const unended = new Uint8Array(100_000).map((_, index) => index % 2 === 0 ? 0x30 : 0x80);
  const longest = new Uint8Array([0x30, 0x84, 0xff, 0xff, 0xff, 0xff]);
  for (
    const bytes of [nulls, deep, identifier, number, text, unended, longest, der(0x30, nulls.subarray(0, 50_000), deep)]
  ) {
    assert.equal(await judge([bytes]), undefined);
    assert.equal(await judge([der(0x30, bytes)]), undefined);
  }
  assert.equal(await judge(Array(10).fill(nulls.subarray(0, 10_000))), undefined);
});

test("createClientVerifier: refuses a certificate that names two algorithms of signature", async () => {
  const sha384 = Buffer.from("300a06082a8648ce3d040303", "hex");
  const signature = der(0x03, new Uint8Array(65));
  assert.match(
    await reasonOf([der(0x30, bodyOf(alice), sha384, signature)]),
    /names two different algorithms of signature/,
  );
});

/** Turns a few bytes, or takes some away, or puts some in. */
const mutation: fc.Arbitrary<(bytes: Uint8Array) => Uint8Array> = fc
  .array(fc.tuple(fc.nat(), fc.constantFrom("set", "flip", "cut", "put", "copy"), fc.nat(255), fc.nat(8)), {
    minLength: 1,
    maxLength: 3,
  })
  .map((steps) => (bytes) => {
    let list = [...bytes];
    for (const [place, kind, value, length] of steps) {
      const at = place % list.length;
      if (kind === "set") list[at] = value;
      if (kind === "flip") list[at]! ^= 1 << (value & 7);
      if (kind === "cut") list.splice(at, length);
      if (kind === "put") list.splice(at, 0, ...Array<number>(length).fill(value));
      if (kind === "copy") list.splice(at, 0, ...list.slice(at, at + length));
      if (list.length === 0) list = [0];
    }
    return new Uint8Array(list);
  });

test("createClientVerifier: certificates with bytes changed prove what they did, or nothing", SLOW, async () => {
  const chain = chainOf(limited);
  const expected = await verify(chain, Date.now());
  const property = fc.asyncProperty(mutation, fc.nat(chain.length - 1), async (mutate, which) => {
    const evidence = await judge(chain.with(which, mutate(chain[which]!)));
    if (evidence !== undefined) assert.deepEqual(evidence, expected);
  });
  await fc.assert(property, seeded("certificates with bytes changed", 1000));
});

test(
  "createClientVerifier: a proxy that its user has made at will speaks for that user, with no more rights",
  SLOW,
  async () => {
    const chain = chainOf(limited);
    const lower = await makeProxy(limited);
    let accepted = 0;
    const property = fc.asyncProperty(mutation, async (mutate) => {
      // What is signed comes first in a certificate.
      const body = bodyOf(lower);
      const changed = signed(mutate(body), limited);
      const evidence = await judge([changed, ...chain]);
      if (evidence === undefined) return;
      accepted++;
      assert.equal(evidence.subject, "/C=ch/O=Lab/CN=alice");
      assert.equal(evidence.limited, true);
      assert.equal(evidence.group, "lab_user");
      assert(evidence.expires! <= limited.certificate.notAfter.getTime());
    });
    await fc.assert(property, seeded("proxies made at will", 1000));
    assert(accepted > 0, "none was accepted: this shows nothing");
  },
);

test("createClientVerifier: what a user signs at will with its own key is no certificate", SLOW, async () => {
  const victim = await issue({ of: middle, subject: "/C=ch/O=Lab/CN=admin" });
  const property = fc.asyncProperty(mutation, async (mutate) => {
    for (const body of [bodyOf(victim), mutate(bodyOf(victim))]) {
      for (const by of [alice, limited]) {
        const chain = [signed(body, by), ...chainOf(limited)];
        assert.equal(await judge(chain), undefined);
      }
    }
  });
  await fc.assert(property, seeded("certificates made at will", 100));
});

/** What is signed of a certificate. */
function bodyOf({ der: bytes }: Identity): Uint8Array {
  const headerOf = (at: number) => {
    const first = bytes[at + 1]!;
    if (first < 0x80) return { header: 2, length: first };
    const count = first & 0x7f;
    const length = bytes.subarray(at + 2, at + 2 + count).reduce((sum, byte) => sum * 256 + byte, 0);
    return { header: 2 + count, length };
  };
  const start = headerOf(0).header;
  const { header, length } = headerOf(start);
  return bytes.subarray(start, start + header + length);
}
