/**
 * No token, no key and no session's token stands in anything that is logged, thrown or told, whatever goes wrong.
 */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { format } from "node:util";
import {
  type ConnectOptions,
  consoleLog,
  HoldfastError,
  jwtVerifier,
  type LogRecord,
  serve,
  type UnknownService,
} from "../../../mod.ts";
import type { Given } from "../../../runtime/client_credentials.ts";
import { DEFAULT_LIMITS } from "../../../runtime/limits.ts";
import type { Standing } from "../../../runtime/principal.ts";
import { nodeNetwork } from "../../../runtime/transport/node.ts";
import { nativeNetwork } from "../../../runtime/transport/runtime.ts";
import type { ClientCertificate } from "../../../runtime/transport/transport.ts";
import { encodeCredentials, encodeHello, encodeOpen } from "../../../runtime/wire/native/handshake.ts";
import * as kinds from "../../../runtime/wire/native/kinds.ts";
import { MessageTable } from "../../../runtime/wire/native/table.ts";
import { issue, makeAuthority } from "../../certificates.ts";
import { check, testCertificate } from "../../harness.ts";
import { SECRET, tells } from "../../secrets.ts";
import { DESK, goneFrom } from "../credentials_lab.ts";
import { rawFrame } from "../raw_peer.ts";
import { AUDIENCE, ISSUER, makeIssuer, now } from "../tokens_lab.ts";
import { vault } from "./secrets_lab.ts";

/** Like one that an issuer would make up: with what JSON, URLs and patterns write in another way. */
const OPAQUE = `${SECRET}/4nT0+x"q\\9?&=%$1 end-of-${SECRET.toUpperCase()}`;

check("tells finds a secret in whatever it stands, and finds nothing where it does not", async () => {
  const error = (text: string) => new Error(text);
  const told: readonly unknown[] = [
    OPAQUE,
    error(OPAQUE),
    new Error("a", { cause: error(`b ${OPAQUE}`) }),
    Object.assign(error("a"), { config: { headers: new Map([["authorization", [OPAQUE]]]) } }),
    Object.defineProperty(error("a"), "hidden", { value: OPAQUE }),
    { [OPAQUE]: 1 },
    error(OPAQUE.slice(3, 30)),
    error(encodeURIComponent(OPAQUE)),
    error(Buffer.from(OPAQUE).toString("base64")),
  ];
  for (const thing of told) assert.notEqual(tells([{ thing }], OPAQUE), undefined, String(thing));
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const hex = Buffer.from(bytes).toString("hex");
  for (const thing of [bytes, hex, Buffer.from(bytes).toString("base64"), { a: bytes.join() }]) {
    assert.notEqual(tells(thing, bytes), undefined);
  }
  const { key } = await issue();
  assert.notEqual(tells(error(key.replaceAll("\n", "\\n")), key), undefined);
  for (const thing of [error("a"), { hex: hex.slice(0, 8) }, [1, 2, 3]]) {
    assert.equal(tells(thing, bytes) ?? tells(thing, OPAQUE) ?? tells(thing, key), undefined);
  }
});

/** The real ones: in memory there is no TLS. */
const NETWORKS = [nativeNetwork(), nodeNetwork()];

const NOBODY = { data() {}, closed() {} };

/** What a check of tokens may throw, carelessly. */
const CARELESS: { readonly [what: string]: (token: string) => unknown } = {
  "an error with the token in its text": (token) => new Error(`${token} is not known`),
  "an error with the token in its stack": (token) => Object.assign(new Error("no"), { stack: `no\n  at ${token}` }),
  "an error with the token in its cause": (token) => new Error("no", { cause: new Error(token) }),
  "an error with the token in a property": (token) => Object.assign(new Error("no"), { request: { token } }),
  "an error whose name is the token": (token) => Object.assign(new Error("no"), { name: token }),
  "an error with a part of the token": (token) => new Error(`no such token: ${token.slice(0, 24)}…`),
  "an error with the address that it asked": (token) => new Error(`404 for /introspect?${encodeURIComponent(token)}`),
  "an error with JSON": (token) => new Error(`asked for ${JSON.stringify({ token })}`),
  "the token": (token) => token,
  "an object": (token) => ({ token, toString: () => token }),
  "an object without a text": (token) => Object.assign(Object.create(null), { token }),
  "an error of many": (token) => new AggregateError([new Error(token)], token),
  "a proxy that fails": (token) =>
    new Proxy({}, {
      get() {
        throw new Error(token);
      },
    }),
};

for (const [what, make] of Object.entries(CARELESS)) {
  check(`a check of tokens that throws ${what}: nothing of the token is told`, async (scope) => {
    let good = true;
    const { client, clock, fails, said, secrets } = await vault(scope, {
      tokens(token) {
        if (!good) throw make(token);
        return { subject: "ada", expires: Date.now() + 1_000_000 };
      },
    });
    secrets.push(OPAQUE);
    good = false;
    await fails(() => client({ token: OPAQUE }).connect());
    const [refused] = said.filter((one) => (one as { event?: string }).event === "refused");
    assert.equal((refused as { error?: HoldfastError }).error?.code, "unauthorized");
    // The same where it is shown in the middle of a session.
    good = true;
    const own = client({ token: () => OPAQUE });
    await own.connect();
    const gone = goneFrom(own);
    good = false;
    clock.advance(800_001);
    assert.equal((await gone).code, "unauthorized");
    assert.ok(said.some((one) => (one as LogRecord).event === "denied"));
  });
}

check("a check of tokens that throws: the rest of what it says is logged", async (scope) => {
  const { client, fails, said, secrets } = await vault(scope, {
    tokens(token) {
      throw new Error(`The issuer does not know ${token}: 404`);
    },
  });
  secrets.push(OPAQUE);
  await fails(() => client({ token: OPAQUE }).connect());
  const { error } = said.find((one) => (one as { event?: string }).event === "refused") as { error: HoldfastError };
  assert.equal(error.message, "The issuer does not know […]: 404");
  assert.match(error.stack!, /secrets_test\.ts/);
});

check("a check of tokens that gives nonsense lets nobody in, and tells nothing", async (scope) => {
  const nonsense: readonly unknown[] = [
    undefined,
    null,
    OPAQUE,
    {},
    { subject: "" },
    { subject: [OPAQUE] },
    { subject: "ada", issuer: 7 },
    { subject: "ada", expires: NaN },
    { subject: "ada", expires: Infinity },
    { subject: "ada", expires: 1e300 },
    { subject: "ada", expires: "2040-01-01" },
  ];
  let next: unknown;
  const { client, fails, said, secrets, server } = await vault(scope, { tokens: () => next as never });
  secrets.push(OPAQUE);
  for (next of nonsense) {
    said.length = 0;
    await fails(() => client({ token: OPAQUE }).connect());
    const { code, message } = said.find((one) => one instanceof HoldfastError) as HoldfastError;
    assert.deepEqual([code, message], ["unauthorized", "Not authorized."], String(Object(next).expires));
  }
  assert.equal(server.connections.size, 0);
});

check("JSON Web Tokens that are refused are not told", async (scope) => {
  const issuer = await makeIssuer("one");
  const other = await makeIssuer("one");
  const tokens = jwtVerifier({ issuer: ISSUER, audience: AUDIENCE, keys: { jwks: { keys: [issuer.jwk] } } });
  const { client, fails, secrets } = await vault(scope, { tokens });
  const refused = [
    await issuer.token({ exp: now() - 600 }),
    await issuer.token({ aud: "elsewhere" }),
    await issuer.token({ iss: "somebody" }),
    await issuer.token({ sub: undefined }),
    await other.token(),
    (await issuer.token()).slice(0, -4),
    `${await issuer.token()}.more`,
  ];
  for (const token of refused) {
    secrets.push(token);
    await fails(() => client({ token }).connect());
  }
  const good = await issuer.token();
  secrets.push(good);
  await client({ token: good }).connect();
});

check("neither a token nor a session's token is told by what goes wrong in a session", async (scope) => {
  const standing = { ada: { name: "ada" } as Standing | undefined };
  let changed = () => {};
  const { client, clock, fails, network, said, secrets, server } = await vault(scope, {
    registry: {
      find() {
        if (standing.ada === undefined) throw new Error("the database is down");
        return standing.ada;
      },
      watch(callback) {
        changed = callback;
        return () => {};
      },
    },
    tokens: (token) => ({ subject: token.startsWith("2") ? "bob" : "ada", expires: Date.now() + 1_000_000 }),
    messages: {
      Note({ text }) {
        throw new Error(text);
      },
      Job() {
        throw new Error("no disk");
      },
    },
  });
  secrets.push(OPAQUE);
  const enter = async (token: Given<string> = OPAQUE, more: ConnectOptions<UnknownService> = {}) => {
    const own = client({ token, ...more });
    await own.connect();
    return own;
  };
  const first = await enter();
  await fails(() => first.request("Job", { name: "sort" }));
  await fails(() => first.send("Note", { text: "no" }, { acknowledge: true }));
  await fails(() => first.send("Nope", {}));
  await fails(() => first.send("Note", { text: 7 } as never));

  const expiring = await enter();
  const expired = goneFrom(expiring);
  clock.advance(1_000_001);
  said.push(await expired);

  let shown = 0;
  const renewing = await enter(() => `${++shown}${OPAQUE}`);
  const renewed = goneFrom(renewing);
  clock.advance(800_001);
  said.push(await renewed);

  const losing = await enter(() => {
    if (shown++ > 2) throw new Error("the vault is sealed");
    return OPAQUE;
  });
  clock.advance(900_001);
  await losing.send("Note", { text: "bye" }).catch((error) => said.push(error));

  await enter(OPAQUE, { identity: "desk" });
  await enter(OPAQUE, { identity: "desk" });
  await client({ identity: "desk" }).connect();
  await fails(() => client({ identity: "desk" }).connect());

  const severed = await enter();
  network.lines.at(-1)!.cut();
  await fails(() => severed.request("Job", { name: "sort" }));

  const known = await enter();
  standing.ada = undefined;
  changed();
  await fails(() => client({ token: OPAQUE }).connect());
  standing.ada = { name: "ada" };
  await fails(() => client({ token: {} as never }).connect());
  await fails(() => client({ token: (() => ({ token: OPAQUE })) as never }).connect());
  said.push(known.status, [...server.connections.values()].map(({ principal, status }) => [principal, status]));
});

check("neither a token nor a session's token is told by what a hostile client says", async (scope) => {
  const { raw, said, secrets } = await vault(scope, { tokens: () => ({ subject: "ada" }) });
  secrets.push(OPAQUE);
  const long = OPAQUE.repeat(1_000);
  const table = new MessageTable(DESK, DEFAULT_LIMITS);
  const opening = { limits: DEFAULT_LIMITS, resumable: true, identity: "desk", declined: [] };
  const hello = encodeHello({ versions: [1], service: "Lab/Desk", token: OPAQUE });
  const former = { token: new TextEncoder().encode(OPAQUE).slice(0, 32), received: 7, oldest: 9 };
  const open = encodeOpen({ ...opening, former }, table.connect, {});
  const starts: readonly (readonly [told: string, ...Uint8Array[]])[] = [
    ["REFUSE limit", encodeHello({ versions: [1], service: "Lab/Desk", token: long })],
    ["REFUSE protocol", encodeHello({ versions: [9], service: "Lab/Desk", token: OPAQUE })],
    ["REFUSE protocol", rawFrame(kinds.HELLO, [...hello.slice(2), 1])],
    ["REFUSE protocol", rawFrame(kinds.HELLO, hello.slice(2, -9))],
    ["REFUSE protocol", hello, hello],
    ["REFUSE protocol", hello, encodeCredentials(OPAQUE)],
    ["CLOSE protocol", hello, open, encodeCredentials(OPAQUE), encodeCredentials(OPAQUE)],
    ["CLOSE limit", hello, open, encodeCredentials(long)],
    ["CLOSE protocol", hello, open, rawFrame(kinds.CREDENTIALS, [0])],
    ["CLOSE protocol", hello, open, rawFrame(kinds.CREDENTIALS, [...encodeCredentials(OPAQUE).slice(2), 1])],
    ["CLOSE protocol", hello, open, encodeCredentials(OPAQUE), rawFrame(0x70)],
  ];
  for (const [told, ...start] of starts) {
    const peer = await raw();
    peer.write(...start);
    const end = await peer.end();
    assert.equal(`${end?.kind} ${end?.code}`, told);
    said.push(end);
  }
  assert.equal(secrets.length, 1 + starts.filter(([told]) => told.startsWith("CLOSE")).length, "sessions had tokens");
});

check("a key is not told where it can't be read or used, by a client or a service", async (scope) => {
  const ca = await makeAuthority();
  const [ada, bob] = await Promise.all([issue({ of: ca }), issue({ of: ca })]);
  const body = bob.key.split("\n").slice(1, -2).join("\n");
  const wrong: readonly ClientCertificate[] = [
    { cert: ada.cert, key: bob.key },
    { cert: bob.key, key: ada.cert },
    { cert: bob.key, key: bob.key },
    { cert: ada.cert, key: bob.key.slice(0, -40) },
    { cert: ada.cert, key: body },
    { cert: ada.cert, key: bob.key.replaceAll("PRIVATE", "ENCRYPTED PRIVATE") },
    { cert: ada.cert, key: bob.key.replace(body, [...body].reverse().join("")) },
    { cert: body, key: bob.key },
    { cert: `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----`, key: bob.key },
    { cert: bob.cert, key: Buffer.from(bob.key) as never },
    { key: bob.key } as never,
    bob.key as never,
  ];
  const { cert, key } = await testCertificate();
  for (const network of NETWORKS) {
    const { client, fails, secrets, server } = await vault(scope, { cert, key }, network);
    secrets.push(bob.key);
    for (const certificate of wrong) {
      await fails(() => client({ certificate, ca: ca.own }).connect());
      await fails(() => client({ certificate: () => certificate, ca: ca.own }).connect());
      await fails(() => serve(DESK, { ...certificate, network, messages: {}, log: () => {} }));
    }
    await fails(() => client({ certificate: wrong[0]! }, server.url.replace("localhost", "nowhere.invalid")).connect());
  }
}, { timeout: 60_000, grace: 10_000 });

check("neither a token nor a key is told where TLS fails", async (scope) => {
  const ca = await makeAuthority();
  const ada = await issue({ of: ca });
  const own = await testCertificate();
  for (const network of NETWORKS) {
    const service = {
      cert: own.cert,
      key: own.key,
      clientCertificates: { ca: (await makeAuthority()).own },
      tokens: () => ({ subject: "a" }),
    };
    const { client, fails, secrets, server } = await vault(scope, service, network);
    secrets.push(ada.key, own.key, OPAQUE);
    const certificate = { cert: ada.cert, key: ada.key };
    const shown = { certificate, token: OPAQUE };
    await fails(() => client({ ...shown, ca: ca.own }).connect());
    await fails(() => client({ ...shown, ca: own.ca }).connect());
    await fails(() => client({ ...shown, ca: own.ca, certificate: { ...certificate, key: "?" } }).connect());
    await fails(() => client({ ...shown, ca: own.ca, crl: "?" }).connect());
    await fails(() => client({ ...shown, ca: ada.key }).connect());
    await fails(() => network.connect({ hostname: "localhost", port: server.port, ca: own.ca, alpn: ["h2"] }, NOBODY));
    await fails(() => server.renew({ cert: own.cert, key: ada.key }));
  }
}, { timeout: 60_000, grace: 10_000 });

check("a secret in an address or an option that there is not is not told", async (scope) => {
  const { client, fails, secrets } = await vault(scope);
  const token = `${SECRET}-${"0123456789abcdef".repeat(2)}`;
  secrets.push(token);
  const addresses = [
    `tls://localhost:9145/Lab/Desk?token=${token}`,
    `tls://localhost:9145/Lab/Desk#${token}`,
    `tls://ada:${token}@localhost:9145/Lab/Desk`,
    `tls://${token}@localhost:9145/Lab/Desk`,
    `tls://ada:${token}@localhost:none/Lab/Desk`,
    `https://ada:${token}@localhost:9145/Lab/Desk`,
  ];
  for (const address of addresses) await fails(() => client({}, address));
  await fails(() => client({ tokens: token } as never));
  await fails(() => client({ token: { token } } as never).connect());
  await fails(() => client({ group: { token } } as never));
});

check("consoleLog prints no secret of a client that is refused", async (scope) => {
  const printed: string[] = [];
  const { error, warn } = console;
  console.warn = console.error = (...what) => void printed.push(format(...what));
  scope.cleanup(() => Object.assign(console, { error, warn }));
  const { client, fails, secrets } = await vault(scope, {
    log: consoleLog,
    tokens(token) {
      throw Object.assign(new Error(token), { token });
    },
  });
  secrets.push(OPAQUE);
  await fails(() => client({ token: OPAQUE, log: consoleLog }).connect());
  assert.ok(printed.length > 0);
  assert.equal(tells(printed, OPAQUE), undefined);
});
