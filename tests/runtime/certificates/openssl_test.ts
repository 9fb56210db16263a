/**
 * The same chains, judged by OpenSSL: where it says otherwise, the table says why.
 *
 * @module
 */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { endEntityCases } from "./end_entities.ts";
import { makeAuthorities, pemOf } from "./lab.ts";
import type { Case } from "./lab.ts";
import { proxyCases } from "./proxy_cases.ts";

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;
const folder = mkdtempSync(join(tmpdir(), "holdfast-openssl-"));
after(() => rmSync(folder, { recursive: true }));

const authorities = await makeAuthorities();
for (const row of [...await endEntityCases(authorities), ...await proxyCases(authorities)]) {
  test(`createClientVerifier and OpenSSL: ${row.name}`, { skip: !hasOpenssl }, () => {
    const [accepts, said] = ask(row);
    const expected = !(row.expected instanceof RegExp);
    assert.equal(accepts, row.difference === undefined ? expected : !expected, `${row.difference}\n${said}`);
  });
}

/** What OpenSSL says of a chain. */
function ask({ chain, trust }: Case): [boolean, string] {
  const file = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const [first, ...rest] = chain.map((one) => pemOf(one));
  const { status, stderr } = spawnSync("openssl", [
    "verify",
    "-purpose",
    "sslclient",
    // What the table counts as weak is below this level; a trusted authority need not have signed itself.
    "-auth_level",
    "2",
    "-partial_chain",
    "-no-CApath",
    "-CAfile",
    file("ca.pem", trust.ca),
    ...(rest.length === 0 ? [] : ["-untrusted", file("chain.pem", rest.join(""))]),
    ...(trust.crl === undefined ? [] : ["-crl_check_all", "-CRLfile", file("crl.pem", trust.crl)]),
    ...(trust.proxies === "full" || trust.proxies === "limited" ? ["-allow_proxy_certs"] : []),
    file("client.pem", first!),
  ]);
  return [status === 0, stderr.toString()];
}
