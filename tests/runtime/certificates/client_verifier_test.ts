import assert from "node:assert/strict";
import { test } from "node:test";
import { createClientVerifier } from "../../../runtime/certificates/client_verifier.ts";
import { endEntityCases } from "./end_entities.ts";
import { makeAuthorities } from "./lab.ts";
import { proxyCases } from "./proxy_cases.ts";

const authorities = await makeAuthorities();

for (
  const { name, chain, trust, expected } of [...await endEntityCases(authorities), ...await proxyCases(authorities)]
) {
  test(`createClientVerifier: ${name}`, async () => {
    const verify = createClientVerifier(trust);
    if (expected instanceof RegExp) {
      await assert.rejects(verify(chain, Date.now()), {
        name: "HoldfastError",
        code: "certificate",
        message: expected,
      });
    } else {
      const evidence = await verify(chain, Date.now());
      assert.deepEqual({ ...evidence, ...expected }, evidence);
    }
  });
}
