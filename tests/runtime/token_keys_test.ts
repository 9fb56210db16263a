import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { jwtVerifier } from "../../runtime/tokens.ts";
import { check, type Scope, testCertificate } from "../harness.ts";
import { manualClock } from "../manual_clock.ts";
import { AUDIENCE, ISSUER, keyServer, makeIssuer, refused } from "./tokens_lab.ts";

const base = { issuer: ISSUER, audience: AUDIENCE };
const [first, second] = await Promise.all([makeIssuer("k1"), makeIssuer("k2")]);
const NO_KEY = /^There is no key that fits/;

function keyFile(scope: Scope, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-keys-"));
  scope.cleanup(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "jwks.json");
  writeFileSync(path, text);
  return path;
}

const set = (...keys: readonly unknown[]) => JSON.stringify({ keys });

check("jwtVerifier reads keys from an address, once for all who come at once", async (scope) => {
  const server = await keyServer(scope, [first.jwk]);
  const verify = jwtVerifier({ ...base, keys: server.keys, clock: manualClock() });
  const token = await first.token();
  assert.equal(server.asked, 0);
  await Promise.all([verify(token), verify(token), verify(token)]);
  await verify(token);
  assert.equal(server.asked, 1);
});

check("jwtVerifier asks the address again for an unknown key, but not as often as clients like", async (scope) => {
  const server = await keyServer(scope, [first.jwk]);
  const clock = manualClock();
  const verify = jwtVerifier({ ...base, keys: server.keys, clock });
  await verify(await first.token());
  server.answer = { text: set(second.jwk) };
  const token = await second.token();
  for (let i = 0; i < 5; i++) assert.match((await refused(verify, token)).message, NO_KEY);
  assert.equal(server.asked, 1);
  clock.advance(30_000);
  assert.equal((await verify(token)).subject, "alice");
  assert.equal(server.asked, 2);
  // The key that was taken out is not good any more.
  assert.match((await refused(verify, await first.token())).message, NO_KEY);
  clock.advance(29_999);
  for (let i = 0; i < 5; i++) await refused(verify, await first.token());
  assert.equal(server.asked, 2);
});

check("jwtVerifier takes a set that is as long as it may be", async (scope) => {
  const server = await keyServer(scope, [first.jwk]);
  server.answer = { text: set(first.jwk).padEnd(256 * 1024) };
  assert.equal((await jwtVerifier({ ...base, keys: server.keys })(await first.token())).subject, "alice");
});

check("jwtVerifier trusts no keys from an address that are older than ten minutes", async (scope) => {
  const server = await keyServer(scope, [first.jwk]);
  const clock = manualClock();
  const verify = jwtVerifier({ ...base, keys: server.keys, clock });
  const token = await first.token();
  await verify(token);
  server.answer = { status: 503 };
  clock.advance(599_999);
  await verify(token);
  clock.advance(1);
  assert.equal((await refused(verify, token)).code, "unreachable");
  server.answer = { text: set(second.jwk) };
  clock.advance(5_000);
  assert.match((await refused(verify, token)).message, NO_KEY);
});

check("jwtVerifier lets nobody in while the address fails, and says why", async (scope) => {
  const server = await keyServer(scope, [first.jwk]);
  const good = server.answer;
  const clock = manualClock();
  const verify = jwtVerifier({ ...base, keys: server.keys, clock });
  const token = await first.token();
  const failures: [typeof server.answer, RegExp][] = [
    [{ status: 500 }, /the answer is 500, not 200/],
    [{ status: 302, text: set(first.jwk) }, /the answer is 302, not 200/],
    [{ text: "<html>" }, /is no JSON/],
    [{ text: "{}" }, /is no JSON Web Key Set/],
    [{ text: set() }, /has no keys/],
    [{ text: set(first.jwk) + " ".repeat(256 * 1024) }, /longer than 262144 bytes/],
    [{ text: set(first.jwk), cut: true }, /can't be read/],
  ];
  for (const [index, [answer, message]] of failures.entries()) {
    server.answer = answer;
    const error = await refused(verify, token);
    assert.equal(error.code, "unreachable");
    assert.match(error.message, message);
    assert.match(error.message, /^No token can be checked\. The key set https:\/\/localhost:\d+\/jwks /);
    await refused(verify, token);
    clock.advance(4_999);
    await refused(verify, token);
    assert.equal(server.asked, index + 1);
    clock.advance(1);
  }
  server.answer = good;
  assert.equal((await verify(token)).subject, "alice");
});

check("jwtVerifier waits for five seconds for the address, and no longer", async (scope) => {
  const server = await keyServer(scope, [first.jwk]);
  server.answer = { silent: true };
  const clock = manualClock();
  const verify = jwtVerifier({ ...base, keys: server.keys, clock });
  const asked = refused(verify, await first.token());
  while (server.asked === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  clock.advance(5_000);
  assert.match((await asked).message, /no answer within 5000 ms/);
  assert.equal(clock.timers.size, 0);
});

check("jwtVerifier checks the address's certificate, whatever the environment says", async (scope) => {
  const server = await keyServer(scope, [first.jwk]);
  const token = await first.token();
  const { ca } = await testCertificate({ names: ["localhost"] });
  const { url } = server.keys;
  const before = process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
  process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
  scope.cleanup(() => {
    if (before === undefined) delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
    else process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = before;
  });
  const misnamed = await keyServer(scope, [first.jwk], await testCertificate({ names: ["another.example"] }));
  for (const keys of [{ url }, { url, ca }, misnamed.keys]) {
    const error = await refused(jwtVerifier({ ...base, keys }), token);
    assert.equal(error.code, "unreachable");
    assert.match(error.message, /certificate/i);
  }
  assert.equal(misnamed.asked, 0);
  assert.equal(server.asked, 0);
});

check("jwtVerifier says at once that a key file can't be used", (scope) => {
  const path = keyFile(scope, set(first.jwk));
  const cases: [string, RegExp][] = [
    ["", /is no JSON/],
    [set(first.jwk).slice(0, -1), /is no JSON/],
    ["[]", /is no JSON Web Key Set/],
    [set(), /has no keys/],
    [set({ ...first.jwk, d: "AQ" }), /has a secret key/],
    [set(first.jwk) + " ".repeat(256 * 1024), /longer than 262144 bytes/],
  ];
  for (const [text, message] of cases) {
    writeFileSync(path, text);
    assert.throws(() => jwtVerifier({ ...base, keys: { file: path } }), message);
  }
  assert.throws(() => jwtVerifier({ ...base, keys: { file: `${path}.gone` } }), /can't be read: .*Give the issuer's/);
  assert.throws(() => jwtVerifier({ ...base, keys: { file: tmpdir() } }), /this is no file/);
});

check("jwtVerifier does not quote a key file that is no JSON", (scope) => {
  const path = keyFile(scope, `{"keys":[{"d":topsecret`);
  assert.throws(() => jwtVerifier({ ...base, keys: { file: path } }), (error) => !/topsecret/.test(String(error)));
});

check("jwtVerifier takes the keys of a changed file, but reads it once a second at the most", async (scope) => {
  const path = keyFile(scope, set(first.jwk));
  const clock = manualClock();
  const verify = jwtVerifier({ ...base, keys: { file: path }, clock });
  await verify(await first.token());
  writeFileSync(path, set(second.jwk));
  clock.advance(999);
  await verify(await first.token());
  assert.match((await refused(verify, await second.token())).message, NO_KEY);
  clock.advance(1);
  assert.equal((await verify(await second.token())).subject, "alice");
  assert.match((await refused(verify, await first.token())).message, NO_KEY);
});

check("jwtVerifier lets nobody in while its key file is gone or broken", async (scope) => {
  const path = keyFile(scope, set(first.jwk));
  const clock = manualClock();
  const verify = jwtVerifier({ ...base, keys: { file: path }, clock });
  const token = await first.token();
  await verify(token);
  writeFileSync(path, set(first.jwk).slice(0, -5));
  clock.advance(1_000);
  assert.equal((await refused(verify, token)).code, "unreachable");
  rmSync(path);
  clock.advance(1_000);
  assert.match((await refused(verify, token)).message, /can't be read/);
  writeFileSync(path, set(first.jwk));
  assert.equal((await refused(verify, token)).code, "unreachable");
  clock.advance(1_000);
  assert.equal((await verify(token)).subject, "alice");
});
