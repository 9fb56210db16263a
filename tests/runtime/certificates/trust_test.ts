import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
// What @peculiar/x509 is built on needs this before it is loaded.
import "reflect-metadata";
import { KeyUsageFlags } from "@peculiar/x509";
import * as asn1 from "asn1js";
import { createClientVerifier } from "../../../runtime/certificates/client_verifier.ts";
import type { ClientTrust } from "../../../runtime/certificates/client_verifier.ts";
import { issue, makeAuthority, makeCrl, makeProxy } from "../../certificates.ts";
import { chainOf, der, ECDSA_SHA256, extension, makeAuthorities, pemOf, signed } from "./lab.ts";

const { root, middle } = await makeAuthorities();
const alice = await issue({ of: middle });
const list = (...extensions: Parameters<typeof extension>[]) =>
  makeCrl(root, [], { extensions: extensions.map((one) => extension(...one)) });
const partial = new asn1.Sequence({ value: [] });

for (
  const [what, trust, why] of [
    ["no authority", { ca: "" }, /'ca'.*Give the text of a PEM file, not its name/],
    ["the name of a file", { ca: "/etc/grid-security/ca.pem" }, /Give the text of a PEM file/],
    ["a private key", { ca: root.key }, /-----BEGIN CERTIFICATE-----/],
    ["an authority that is cut off", { ca: root.own + root.own.slice(0, 300) }, /can't be read/],
    ["an authority that is none", { ca: pemOf(new Uint8Array([0x30, 0])) }, /number 1 of 1 can't be used/],
    ["an authority with bytes behind it", { ca: pemOf(new Uint8Array([...root.der, 0])) }, /1 bytes follow its end/],
    ["a user for an authority", { ca: root.own + alice.own }, /number 2 of 2 .*alice: it is not the certificate of an/],
    [
      "an authority that may not sign",
      { ca: (await makeAuthority({ usages: KeyUsageFlags.cRLSign })).own },
      /not for signing certificates/,
    ],
    ["a weak authority", { ca: (await makeAuthority({ keyType: "RSA-1024" })).own }, /1024 bits: 2048 are the least/],
    ["an authority on a curve that is not taken", { ca: (await makeAuthority({ keyType: "P-521" })).own }, /P-256/],
    ["an empty list", { ca: root.own, crl: "" }, /'crl'.*-----BEGIN X509 CRL-----/],
    ["a certificate for a list", { ca: root.own, crl: root.own }, /-----BEGIN X509 CRL-----/],
    [
      "a list that is none",
      { ca: root.own, crl: pemOf(alice.der, "X509 CRL") },
      /can't be used/,
    ],
    ["a list without an end", { ca: root.own, crl: await makeCrl(root, [], { until: null }) }, /nextUpdate/],
    ["a list of what has changed", {
      ca: root.own,
      crl: await list(["2.5.29.27", true, new asn1.Integer({ value: 1 })]),
    }, /part/],
    ["a list of a part", { ca: root.own, crl: await list(["2.5.29.28", true, partial]) }, /only a part/],
    [
      "a list with something critical",
      { ca: root.own, crl: await list(["1.2.3", true, partial]) },
      /extension 1\.2\.3/,
    ],
    ["a word that is none", { ca: root.own, proxies: "all" as "full" }, /say "none", "full" or "limited"/],
  ] satisfies [string, ClientTrust, RegExp][]
) {
  test(`createClientVerifier: can't be made with ${what}`, () => {
    assert.throws(() => createClientVerifier(trust), { name: "HoldfastError", code: "invalid-argument", message: why });
  });
}

test("createClientVerifier: text around certificates is passed over", async () => {
  const verify = createClientVerifier({ ca: `Our root:\r\n${root.own.replaceAll("\n", "\r\n")}# end` });
  assert.equal((await verify(chainOf(alice), Date.now())).subject, "/C=ch/O=Lab/CN=alice");
});

for (
  const [what, chain, why] of [
    ["no certificate", [], /There is no certificate/],
    ["too many", Array<Uint8Array>(11).fill(alice.der), /There are 11 certificates: 10 are the most/],
    ["too large ones", [alice.der, new Uint8Array(102_400)], /bytes: 102400 are the most/],
    ["bytes behind the first", [new Uint8Array([...alice.der, 0]), middle.der], /1 of 2 can't be read: 1 bytes follow/],
    [
      "bytes behind another",
      [alice.der, new Uint8Array([...middle.der, 5, 0])],
      /2 of 2 can't be read: 2 bytes follow/,
    ],
    ["an empty one", [alice.der, new Uint8Array()], /2 of 2 can't be read/],
    ["one that is cut off", [alice.der.subarray(0, -1)], /1 of 1 can't be read/],
    ["something else", [new TextEncoder().encode("GET / HTTP/1.1")], /1 of 1 can't be read/],
  ] satisfies [string, Uint8Array[], RegExp][]
) {
  test(`createClientVerifier: refuses ${what}`, async () => {
    const verify = createClientVerifier({ ca: root.own, proxies: "limited" });
    await assert.rejects(verify(chain, Date.now()), { name: "HoldfastError", code: "certificate", message: why });
  });
}

test("createClientVerifier: refuses whom DIRAC's form of a name would make somebody else", async () => {
  const verify = createClientVerifier({ ca: root.own });
  const mallory = await issue({ of: root, subject: [{ O: ["Lab"] }, { CN: ["x/CN=admin"] }] });
  await assert.rejects(verify([mallory.der], Date.now()), {
    code: "certificate",
    message: /the CN in its name, "x\/CN=admin", reads as further parts/,
  });
  const host = await issue({ of: root, subject: [{ O: ["Lab"] }, { CN: ["host/data.lab.example"] }] });
  assert.equal((await verify([host.der], Date.now())).subject, "/O=Lab/CN=host/data.lab.example");
});

test("createClientVerifier: what it proves ends with the first certificate that ends", async () => {
  const ends = (identity: { certificate: { notAfter: Date } }) => identity.certificate.notAfter.getTime();
  const verify = createClientVerifier({ ca: root.own, proxies: "full" });
  const proxy = await makeProxy(alice, { until: 600 });
  assert.equal((await verify(chainOf(proxy), Date.now())).expires, ends(proxy));
  const longer = await makeProxy(await issue({ of: middle, until: 300 }), { until: 600 });
  assert.equal((await verify(chainOf(longer), Date.now())).expires, ends(longer.behind[0]!));
  const short = await makeAuthority({ of: root, subject: "/CN=Short", until: 100 });
  assert.equal((await verify(chainOf(await issue({ of: short })), Date.now())).expires, ends(short));
  // To the second: the last one is still within.
  assert.equal((await verify(chainOf(proxy), ends(proxy))).expires, ends(proxy));
  await assert.rejects(verify(chainOf(proxy), ends(proxy) + 1), /has expired/);
  const from = proxy.certificate.notBefore.getTime();
  await verify([proxy.der, ...chainOf(alice)], Math.max(from, alice.certificate.notBefore.getTime()));
  await assert.rejects(verify(chainOf(alice), alice.certificate.notBefore.getTime() - 1), /not valid before/);
});

test("createClientVerifier: all that it proves", async () => {
  const verify = createClientVerifier({ ca: root.own, proxies: "limited" });
  const proxy = await makeProxy(alice, { limited: true, group: "lab_user", groupType: "IA5" });
  const common = { method: "certificate", subject: "/C=ch/O=Lab/CN=alice", issuer: "/C=ch/O=Lab/CN=Middle" };
  // All were made to last as long, but a second may have passed between two of them.
  const expires = Math.min(...[root, middle, alice].map((one) => one.certificate.notAfter.getTime()));
  assert.deepEqual(await verify(chainOf(alice), Date.now()), { ...common, expires });
  assert.deepEqual(await verify(chainOf(proxy), Date.now()), {
    ...common,
    expires: Math.min(expires, proxy.certificate.notAfter.getTime()),
    limited: true,
    group: "lab_user",
  });
});

test("createClientVerifier: a user's own certificate names no group", async () => {
  const group = extension("1.2.42.42", false, new asn1.IA5String({ value: "lab_admin" }));
  const user = await issue({ of: root, extensions: [group] });
  const verify = createClientVerifier({ ca: root.own, proxies: "full" });
  assert.equal((await verify([user.der], Date.now())).group, undefined);
  assert.equal((await verify(chainOf(await makeProxy(user)), Date.now())).group, undefined);
});

test("createClientVerifier: a list of fifty thousand is read in seconds, and looked into in milliseconds", async () => {
  const time = (years: number) => der(0x17, new TextEncoder().encode(`${years}0101000000Z`));
  const entries = Array.from(
    { length: 50_000 },
    (_, index) => der(0x30, der(0x02, new Uint8Array([1, index >> 16, (index >> 8) & 0xff, index & 0xff])), time(20)),
  );
  // Without the zero before a high bit, which others leave out as well.
  const last = der(0x30, der(0x02, Buffer.from(alice.certificate.serialNumber, "hex")), time(20));
  const name = new Uint8Array(middle.certificate.subjectName.toArrayBuffer());
  const body = der(
    0x30,
    der(0x02, new Uint8Array([1])),
    ECDSA_SHA256,
    name,
    time(20),
    time(49),
    der(0x30, ...entries, last),
  );
  const began = performance.now();
  const verify = createClientVerifier({
    ca: root.own,
    crl: await makeCrl(root, []) + pemOf(signed(body, middle), "X509 CRL"),
  });
  const made = performance.now();
  await assert.rejects(verify(chainOf(alice), Date.now()), /has taken it back/);
  assert.equal((await verify(chainOf(await issue({ of: middle })), Date.now())).method, "certificate");
  const first = performance.now();
  for (let index = 0; index < 20; index++) await assert.rejects(verify(chainOf(alice), Date.now()));
  const steps = [made - began, first - made, performance.now() - first];
  assert(steps[0]! < 5000 && steps[1]! < 500 && steps[2]! < 1000, `${steps} ms`);
});
