import "reflect-metadata";
import { KeyUsageFlags } from "@peculiar/x509";
import assert from "node:assert/strict";
import { test } from "node:test";
import { readCertificate, USAGE } from "../../../runtime/certificates/certificate.ts";
import { maySign } from "../../../runtime/transport/key_usage.ts";
import { issue, makeAuthority, makeProxy } from "../../certificates.ts";

test("maySign: says what a reader of the whole certificate finds, critical or not, with every combination of bits", async () => {
  const root = await makeAuthority();
  const { digitalSignature, keyEncipherment, keyAgreement, decipherOnly } = KeyUsageFlags;
  for (
    const usages of [
      null,
      digitalSignature,
      keyEncipherment,
      keyAgreement | decipherOnly,
      digitalSignature | keyEncipherment | decipherOnly,
    ]
  ) {
    for (const  of of[root, undefined]) {
      const { der } = await issue({ usages, names: ["localhost"], ...(of && { of }) });
      const { usages: read } = readCertificate(der).extensions;
      assert.equal(maySign(der), read === undefined || (read & USAGE.digitalSignature) !== 0, String(usages));
    }
  }
  assert.equal(maySign(root.der), false);
  assert.equal(maySign((await makeProxy(await issue({ of: root }))).der), true);
});

test("maySign: throws a RangeError for what is no certificate, cut off anywhere", async () => {
  const { der } = await issue();
  for (let length = 0; length < der.length; length++) {
    assert.throws(() => maySign(der.subarray(0, length)), RangeError, `${length} bytes`);
  }
});
