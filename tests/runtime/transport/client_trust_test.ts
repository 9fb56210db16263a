import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { test } from "node:test";
import { type ClientTrust, ClientTrusts } from "../../../runtime/transport/client_trust.ts";
import { checkService, wasGood } from "../../../runtime/transport/node_certificates.ts";
import { issue } from "../../certificates.ts";

function counting(): { readonly trusts: ClientTrusts<number>; readonly made: ClientTrust[] } {
  const made: ClientTrust[] = [];
  return { trusts: new ClientTrusts((trust) => made.push(trust)), made };
}

test("ClientTrusts: makes it once for the same texts, with a certificate and without", () => {
  const { trusts, made } = counting();
  const certificate = { cert: "cert", key: "key" };
  for (const trust of [{}, { ca: "ca" }, { ca: "ca", crl: "crl" }, { certificate }, { ca: "ca", certificate }]) {
    assert.equal(trusts.of(trust), trusts.of({ ...trust }));
    assert.equal(made.at(-1), trust);
  }
  assert.equal(made.length, 5);
});

test("ClientTrusts: makes it anew where anything differs, also what its owner has put into the same certificate", () => {
  const { trusts } = counting();
  const certificate = { cert: "cert", key: "key" };
  const all = [
    trusts.of({}),
    trusts.of({ ca: "ca" }),
    trusts.of({ crl: "ca" }),
    trusts.of({ ca: "ca", certificate }),
    trusts.of({ ca: "ca", certificate: { ...certificate } }),
    trusts.of({ ca: "ca", certificate: Object.assign(certificate, { cert: "newer" }) }),
    trusts.of({ ca: "ca", certificate: Object.assign(certificate, { key: "newer" }) }),
  ];
  assert.equal(new Set(all).size, all.length);
});

test("ClientTrusts: keeps the last four, and not what making it throws", () => {
  const { trusts, made } = counting();
  for (let i = 0; i < 5; i++) trusts.of({ ca: String(i) });
  for (let i = 4; i > 0; i--) trusts.of({ ca: String(i) });
  assert.equal(made.length, 5);
  trusts.of({ ca: "0" });
  assert.equal(made.length, 6);

  let fails = true;
  const failing = new ClientTrusts(() => {
    if (fails) throw new Error("unreadable");
    return 1;
  });
  assert.throws(() => failing.of({}), /unreadable/);
  fails = false;
  assert.equal(failing.of({}), 1);
});

test("checkService: remembers which certificate was good for which name, and nothing else of it", async () => {
  const [one, other] = [await issue({ names: ["one.example"] }), await issue({ names: ["other.example"] })];
  const check = (name: string, { der }: { readonly der: Uint8Array }) =>
    checkService(name, new X509Certificate(der).toLegacyObject() as Parameters<typeof checkService>[1])?.message;
  assert.equal(wasGood("one.example", one.der), false);
  for (let times = 0; times < 2; times++) {
    assert.equal(check("one.example", one), undefined);
    assert.equal(wasGood("one.example", one.der), true);
    assert.match(check("other.example", one) ?? "", /other\.example/);
    assert.match(check("one.example", other) ?? "", /one\.example/);
  }
  assert.equal(wasGood("other.example", one.der), false);
  assert.equal(wasGood("one.example", other.der), false);
});

test("checkService: forgets the oldest of more than sixteen", async () => {
  const many = await Promise.all(Array.from({ length: 17 }, (_, i) => issue({ names: [`host${i}.example`] })));
  many.forEach(({ der }, i) => {
    const legacy = new X509Certificate(der).toLegacyObject() as Parameters<typeof checkService>[1];
    assert.equal(checkService(`host${i}.example`, legacy), undefined);
  });
  assert.equal(wasGood("host0.example", many[0]!.der), false);
  assert.equal(wasGood("host1.example", many[1]!.der), true);
});
