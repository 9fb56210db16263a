import { CompactEncrypt, exportSPKI, generateKeyPair, importJWK, SignJWT } from "jose";
import assert from "node:assert/strict";
import { test } from "node:test";
import { HoldfastError } from "../../runtime/errors.ts";
import { type JwtOptions, jwtVerifier } from "../../runtime/tokens.ts";
import { AUDIENCE, everything, ISSUER, type Issuer, makeIssuer, now, part, refused } from "./tokens_lab.ts";

const issuer = await makeIssuer("k1", "RS256");
const other = await makeIssuer("k1", "RS256");
const base = { issuer: ISSUER, audience: AUDIENCE, keys: { jwks: { keys: [issuer.jwk] } } };
const verify = jwtVerifier(base);

test("jwtVerifier shows what a good token says", async () => {
  const exp = now() + 600;
  const evidence = await verify(await issuer.token({ exp, role: "x" }));
  const { claims, ...rest } = evidence;
  assert.deepEqual(rest, { subject: "alice", issuer: ISSUER, expires: exp * 1_000 + 5_000 });
  assert.deepEqual(claims, { iss: ISSUER, aud: AUDIENCE, sub: "alice", exp, role: "x" });
});

for (const alg of ["RS384", "PS256", "ES256", "ES384", "EdDSA", "Ed25519"]) {
  test(`jwtVerifier takes ${alg}`, async () => {
    const one = await makeIssuer("k2", alg);
    const verify = jwtVerifier({ ...base, keys: { jwks: { keys: [issuer.jwk, one.jwk] } } });
    assert.equal((await verify(await one.token())).subject, "alice");
  });
}

const [header, payload, signature] = (await issuer.token()).split(".") as [string, string, string];
const good = { iss: ISSUER, aud: AUDIENCE, sub: "mallory", exp: now() + 600 };
const EXPIRED = "The token has expired.";
const EARLY = 'The token is not valid yet ("nbf").';
const AUD = 'The token is not for this service ("aud").';
const ISS = 'The token comes from another issuer ("iss") than those that are trusted here.';
const NO_JWT = "This is no signed JSON Web Token.";
const ALG = "The token is signed in a way that is not allowed here.";
const SIGNATURE = "The token's signature is wrong.";
const CRIT = "The token asks for what is not known here, and says that it must be.";

/** Every way to be wrong, and what the log says of it. */
const wrong: Record<string, readonly [string | Promise<string>, string]> = {
  "expired": [issuer.token({ exp: now() - 6 }), EXPIRED],
  "expired long ago": [issuer.token({ exp: 1 }), EXPIRED],
  "expires at no time": [issuer.token({ exp: "tomorrow" }), "The token's \"exp\" can't be read."],
  "expires at no number": [issuer.token({ exp: null }), "The token's \"exp\" can't be read."],
  "expires after all dates": [issuer.token({ exp: 1e300 }), 'The token\'s "exp" is no time.'],
  "never expires": [issuer.token({ exp: undefined }), 'The token has no "exp".'],
  "not valid yet": [issuer.token({ nbf: now() + 60 }), EARLY],
  "valid from no time on": [issuer.token({ nbf: "now" }), "The token's \"nbf\" can't be read."],
  "for another": [issuer.token({ aud: "another" }), AUD],
  "for others": [issuer.token({ aud: ["another", `${AUDIENCE}.`] }), AUD],
  "for a part of the name": [issuer.token({ aud: "holdfast" }), AUD],
  "for nobody": [issuer.token({ aud: undefined }), 'The token has no "aud".'],
  "of another issuer": [issuer.token({ iss: "https://evil.example/" }), ISS],
  "of an issuer without its slash": [issuer.token({ iss: ISSUER.slice(0, -1) }), ISS],
  "of no issuer": [issuer.token({ iss: undefined }), 'The token has no "iss".'],
  "of a list of issuers": [issuer.token({ iss: [ISSUER] }), ISS],
  "of nobody": [issuer.token({ sub: undefined }), 'The token has no "sub".'],
  "of an empty name": [issuer.token({ sub: "" }), 'The token names nobody: "sub" is no text.'],
  "of a number": [issuer.token({ sub: 7 }), 'The token names nobody: "sub" is no text.'],
  "of another key by the same name": [other.token(), SIGNATURE],
  "of an unknown key": [issuer.token({}, { kid: "k9" }), 'There is no key that fits the token\'s ("k9").'],
  "unsigned": [`${part({ alg: "none" })}.${part(good)}.`, ALG],
  "unsigned, in capitals": [`${part({ alg: "NONE" })}.${part(good)}.`, ALG],
  "unsigned, with a signature": [`${part({ alg: "none" })}.${payload}.${signature}`, ALG],
  "of no algorithm": [`${part({ kid: "k1" })}.${payload}.${signature}`, NO_JWT],
  "of an algorithm that does not fit the key": [
    `${part({ alg: "ES256", kid: "k1" })}.${payload}.${signature}`,
    'There is no key that fits the token\'s ("k1").',
  ],
  "with another payload": [`${header}.${part(good)}.${signature}`, SIGNATURE],
  "with another header": [`${part({ alg: "RS256", kid: "k1", x: 1 })}.${payload}.${signature}`, SIGNATURE],
  "with a changed signature": [`${header}.${payload}.${flip(signature)}`, SIGNATURE],
  "without a signature": [`${header}.${payload}.`, SIGNATURE],
  "truncated": [`${header}.${payload}.${signature.slice(0, -4)}`, SIGNATURE],
  "cut in the middle": [`${header}.${payload}`, NO_JWT],
  "with a part too many": [`${header}.${payload}.${signature}.`, NO_JWT],
  "empty": ["", NO_JWT],
  "some word": ["letmein", NO_JWT],
  "dots": ["..", NO_JWT],
  "with a scheme before it": [`Bearer ${header}.${payload}.${signature}`, NO_JWT],
  "with a space behind it": [`${header}.${payload}.${signature} `, NO_JWT],
  "with a line feed in it": [`${header}.${payload}.\n${signature}`, NO_JWT],
  "with characters of another alphabet": [`${header}.${payload}.${signature.slice(0, -1)}/`, NO_JWT],
  "too long": ["a".repeat(16 * 1024 + 1), "The token is longer than 16384 characters."],
  "critical": [issuer.token({}, { crit: ["x"], x: 1 }), CRIT],
  "critical, with nothing": [`${part({ alg: "RS256", kid: "k1", crit: [] })}.${payload}.${signature}`, NO_JWT],
  "not encoded": [`${part({ alg: "RS256", kid: "k1", b64: false, crit: ["b64"] })}.${payload}.${signature}`, SIGNATURE],
  "encrypted": [encrypted(), NO_JWT],
};

for (const [how, [token, message]] of Object.entries(wrong)) {
  test(`jwtVerifier refuses a token: ${how}`, async () => {
    const error = await refused(verify, await token);
    assert.equal(error.code, "unauthorized");
    assert.equal(error.message, message);
    assert.equal(error.cause, undefined);
  });
}

test("jwtVerifier refuses what is signed with the public key as if that were a secret", async () => {
  const pem = await exportSPKI(await importJWK(issuer.jwk, "RS256") as CryptoKey);
  const secrets = [pem, pem.trim(), JSON.stringify(issuer.jwk), String(issuer.jwk.n)];
  for (const secret of secrets) {
    for (const alg of ["HS256", "HS384", "HS512"]) {
      const key = new TextEncoder().encode(secret);
      const token = await new SignJWT(good).setProtectedHeader({ alg, kid: "k1" }).sign(key);
      assert.equal((await refused(verify, token)).message, ALG);
    }
  }
});

test("jwtVerifier refuses a payload that is no JSON, and does not quote it", async () => {
  const { CompactSign } = await import("jose");
  for (const text of ["topsecret-words", '{"sub":"topsecret-words"', '"topsecret-words"', "[]", "\xff\xfe topsecret"]) {
    const token = await new CompactSign(new TextEncoder().encode(text)).setProtectedHeader({ alg: "RS256", kid: "k1" })
      .sign(issuer.privateKey);
    const error = await refused(verify, token);
    assert.equal(error.message, NO_JWT);
    assert.doesNotMatch(everything(error), /topsecret/);
  }
});

test("jwtVerifier says nothing in an error of what a token says", async () => {
  const secret = "topsecret-words";
  for (const claim of ["aud", "iss", "nbf", "exp"]) {
    const error = await refused(verify, await issuer.token({ jti: secret, [claim]: secret }));
    assert.doesNotMatch(everything(error), /topsecret/, claim);
  }
});

test("jwtVerifier names an unknown key, but not for pages", async () => {
  const { message } = await refused(verify, await issuer.token({}, { kid: "k\n".repeat(1_000) }));
  assert.ok(message.length < 200 && !message.includes("\n"), message);
});

test("jwtVerifier takes what is within the clock's tolerance, and lets it last for as long", async () => {
  const exp = now() - 3;
  const late = await issuer.token({ exp, nbf: now() + 3 });
  assert.equal((await verify(late)).expires, exp * 1_000 + 5_000);
  assert.equal((await refused(jwtVerifier({ ...base, clockTolerance: 0 }), late)).message, EARLY);
  assert.equal((await jwtVerifier({ ...base, clockTolerance: 60_000 })(late)).expires, exp * 1_000 + 60_000);
});

test("jwtVerifier takes a token without an expiry only where that is said", async () => {
  const token = await issuer.token({ exp: undefined });
  assert.equal("expires" in await jwtVerifier({ ...base, requireExpiry: false })(token), false);
  await refused(jwtVerifier({ ...base, requireExpiry: false }), await issuer.token({ exp: now() - 60 }));
});

test("jwtVerifier takes one of several issuers and audiences", async () => {
  const verify = jwtVerifier({ ...base, issuer: ["https://a.example/", ISSUER], audience: ["a", AUDIENCE] });
  assert.equal((await verify(await issuer.token({ aud: ["b", "a"] }))).issuer, ISSUER);
  assert.equal((await refused(verify, await issuer.token({ aud: ["b"] }))).message, AUD);
});

test("jwtVerifier looks at the type where one is asked for", async () => {
  const verify = jwtVerifier({ ...base, type: "at+jwt" });
  assert.equal((await verify(await issuer.token({}, { typ: "application/at+jwt" }))).subject, "alice");
  assert.equal((await refused(verify, await issuer.token())).message, 'The token is of another type ("typ").');
  await refused(verify, await issuer.token({}, { typ: "JWT" }));
});

test("jwtVerifier allows only the algorithms that it is told", async () => {
  const verify = jwtVerifier({ ...base, algorithms: ["ES256"] });
  assert.equal((await refused(verify, await issuer.token())).message, ALG);
});

test("jwtVerifier reads the group from the claim that it is told", async () => {
  const verify = jwtVerifier({ ...base, groupClaim: "wlcg.groups" });
  const group = async (value: unknown) => (await verify(await issuer.token({ "wlcg.groups": value }))).group;
  assert.equal(await group("production"), "production");
  assert.equal(await group(["production", "users"]), "production");
  assert.equal(await group([]), undefined);
  assert.equal(await group(undefined), undefined);
  for (const value of ["", 7, null, [7], [""], [["a"]], { a: 1 }]) {
    const error = await refused(verify, await issuer.token({ "wlcg.groups": value }));
    assert.match(error.message, /names no group/);
  }
  const inherited = jwtVerifier({ ...base, groupClaim: "toString" });
  assert.equal((await inherited(await issuer.token())).group, undefined);
});

test("jwtVerifier tries every key for a token that names none", async () => {
  const nameless = await Promise.all([makeIssuer(undefined), makeIssuer(undefined), makeIssuer(undefined)]);
  const keys = { jwks: { keys: nameless.slice(0, 2).map(({ jwk }) => jwk) } };
  const verify = jwtVerifier({ ...base, keys });
  const token = (of: Issuer | undefined, claims = {}) => of!.token(claims);
  assert.equal((await verify(await token(nameless[0]))).subject, "alice");
  assert.equal((await verify(await token(nameless[1]))).subject, "alice");
  assert.equal((await refused(verify, await token(nameless[2]))).message, SIGNATURE);
  assert.equal((await refused(verify, await token(nameless[1], { exp: 1 }))).message, EXPIRED);
});

test("jwtVerifier takes no secret for a key, even one that is in the set", () => {
  const secret = { kty: "oct", kid: "s", k: part("x".repeat(64)) };
  assert.throws(() => jwtVerifier({ ...base, keys: { jwks: { keys: [secret] } } }), /has a secret key/);
});

test("jwtVerifier refuses options that can't be used, and says which", () => {
  const { jwk } = issuer;
  const cases: [Record<string, unknown>, RegExp][] = [
    [{ issuer: "" }, /"issuer" is missing/],
    [{ issuer: [] }, /"issuer" is missing/],
    [{ issuer: undefined }, /"issuer" is missing/],
    [{ audience: undefined }, /"audience" is missing/],
    [{ audience: ["a", ""] }, /"audience" is missing/],
    [{ algorithms: [] }, /"algorithms" is missing/],
    [{ algorithms: ["none"] }, /"algorithms" has "none"/],
    [{ algorithms: ["RS256", "HS256"] }, /"algorithms" has "HS256"/],
    [{ clockTolerance: -1 }, /"clockTolerance"/],
    [{ clockTolerance: NaN }, /"clockTolerance"/],
    [{ clockTolerance: 1e9 }, /"clockTolerance"/],
    [{ requiresExpiry: true }, /requiresExpiry.*requireExpiry/],
    [{ keys: { jkws: { keys: [jwk] } } }, /jkws/],
    [{ keys: { jwks: { keys: [jwk] }, ca: "x" } }, /"keys.ca" goes with "keys.url" only/],
    [{ keys: undefined }, /must have one of/],
    [{ keys: {} }, /must have one of/],
    [{ keys: { jwks: { keys: [jwk] }, url: "https://a.example/" } }, /must have one of/],
    [{ keys: { jwks: {} } }, /no JSON Web Key Set/],
    [{ keys: { jwks: null } }, /no JSON Web Key Set/],
    [{ keys: { jwks: { keys: [7] } } }, /no JSON Web Key Set/],
    [{ keys: { jwks: { keys: [] } } }, /has no keys/],
    [{ keys: { jwks: { keys: Array(65).fill(jwk) } } }, /64 are the most/],
    [{ keys: { jwks: { keys: [jwk, { ...jwk, d: "AQ" }] } } }, /has a secret key/],
    [{ keys: { url: "http://localhost/jwks" } }, /begins with "https:"/],
    [{ keys: { url: "jwks.json" } }, /begins with "https:"/],
    [{ keys: { url: "https://me:pw@a.example/jwks" } }, /no password/],
    [{ keys: { url: "https://a.example/jwks", ca: "no certificate" } }, /"keys.ca" can't be read/],
  ];
  for (const [options, message] of cases) {
    assert.throws(
      () => jwtVerifier({ ...base, ...options } as JwtOptions),
      (error) => error instanceof HoldfastError && error.code === "invalid-argument" && message.test(error.message),
      JSON.stringify(options),
    );
  }
});

/** Another first character: not all bits of the last one count. */
function flip(text: string): string {
  return (text.startsWith("A") ? "B" : "A") + text.slice(1);
}

async function encrypted(): Promise<string> {
  const { publicKey } = await generateKeyPair("RSA-OAEP");
  const text = new TextEncoder().encode(await issuer.token());
  return await new CompactEncrypt(text).setProtectedHeader({ alg: "RSA-OAEP", enc: "A256GCM", cty: "JWT" })
    .encrypt(publicKey);
}
