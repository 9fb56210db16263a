/**
 * Services' certificates that no client may take, each for one reason, and some that it must take.
 *
 * @module
 */

import "reflect-metadata";
import { KeyUsageFlags } from "@peculiar/x509";
import { issue, type IssueOptions, makeAuthority, makeCrl, makeProxy } from "../../certificates.ts";

/** A service's certificate, and what a client is told. */
export interface Shown {
  readonly cert: string;
  readonly key: string;
  /** The authorities that the client is to trust; none, if absent. */
  readonly ca?: string;
  readonly crl?: string;
  /** By which name the client connects: `localhost` unless given. */
  readonly hostname?: "localhost" | "127.0.0.1";
}

/** A kind of certificate by what is to be said of it, after "a certificate …". */
export type Kind = readonly [what: string, make: () => Promise<Shown>];

const NAMES = ["localhost", "127.0.0.1"];
const MINUTE = 60;

const root = makeAuthority({ subject: "/O=Lab/CN=Root" });

async function ofRoot(options: IssueOptions): Promise<Shown> {
  const of = await root;
  const { cert, key } = await issue({ names: NAMES, of, ...options });
  return { cert, key, ca: of.own };
}

/** Root, an authority between, and a service, with the lists of both. */
async function revocable(): Promise<{ readonly shown: Shown; readonly ofRoot: string; readonly ofBetween: string }> {
  const top = await makeAuthority();
  const between = await makeAuthority({ of: top, subject: "/O=Lab/CN=Between" });
  const { cert, key } = await issue({ of: between, names: NAMES });
  const [ofRoot, ofBetween] = await Promise.all([makeCrl(top, []), makeCrl(between, [])]);
  return { shown: { cert, key, ca: top.own }, ofRoot, ofBetween };
}

/** Those that no client may take. */
export const UNTRUSTED: readonly Kind[] = [
  ["of an authority that it was not told to trust", async () => {
    // Of the same name as the one that is trusted.
    const of = await makeAuthority({ subject: "/O=Lab/CN=Root" });
    return await ofRoot({ of });
  }],
  ["of an authority that it does not know, having been told of none", async () => {
    const { cert, key } = await ofRoot({});
    return { cert, key };
  }],
  ["signed by itself", async () => {
    const { cert, key } = await issue({ names: NAMES });
    return { cert, key, ca: (await root).own };
  }],
  ["for another name", async () => ({ ...await ofRoot({ names: ["elsewhere.example", "127.0.0.1"] }) })],
  ["for another address", async () => ({
    ...await ofRoot({ names: ["localhost", "127.0.0.2"] }),
    hostname: "127.0.0.1",
  })],
  ["whose subject alone is its name", () => ofRoot({ names: [], subject: "/CN=localhost" })],
  [
    "whose subject is its name, but which is for an address",
    () => ofRoot({ names: ["127.0.0.1"], subject: "/CN=localhost" }),
  ],
  ["that has expired", () => ofRoot({ until: -MINUTE })],
  ["that is not yet valid", () => ofRoot({ from: 10 * MINUTE })],
  ["for clients only", () => ofRoot({ purposes: ["client"] })],
  ["whose signature is wrong", () => ofRoot({ wrong: { signature: true } })],
  ["that a key of another has signed", async () => ofRoot({ wrong: { signer: await makeAuthority() } })],
  ["without the one between it and the root", async () => {
    const of = await makeAuthority({ of: await root, subject: "/O=Lab/CN=Between" });
    const { own, key } = await issue({ of, names: NAMES });
    return { cert: own, key, ca: (await root).own };
  }],
  ["behind one that has expired", async () => {
    return await ofRoot({ of: await makeAuthority({ of: await root, subject: "/O=Lab/CN=Between", until: -MINUTE }) });
  }],
  ["of one that is no authority", async () => {
    const of = await issue({ of: await root, subject: "/O=Lab/CN=Between", purposes: null });
    return { ...await ofRoot({ of }), ca: (await root).own };
  }],
  ["that was revoked", async () => {
    const of = await root;
    const service = await issue({ of, names: NAMES });
    return { cert: service.cert, key: service.key, ca: of.own, crl: await makeCrl(of, [service]) };
  }],
  ["that was revoked by the second of two lists", async () => {
    const top = await makeAuthority();
    const between = await makeAuthority({ of: top, subject: "/O=Lab/CN=Between" });
    const service = await issue({ of: between, names: NAMES });
    const crl = await makeCrl(top, []) + await makeCrl(between, [service]);
    return { cert: service.cert, key: service.key, ca: top.own, crl };
  }],
  ["behind one that was revoked", async () => {
    const top = await makeAuthority();
    const between = await makeAuthority({ of: top, subject: "/O=Lab/CN=Between" });
    const { cert, key } = await issue({ of: between, names: NAMES });
    const crl = await makeCrl(top, [between]) + await makeCrl(between, []);
    return { cert, key, ca: top.own, crl };
  }],
  ["of whose authority there is no list", async () => {
    const { shown, ofRoot } = await revocable();
    return { ...shown, crl: ofRoot };
  }],
  ["of whose authority there is only a list that has run out", async () => {
    const of = await root;
    return { ...await ofRoot({}), crl: await makeCrl(of, [], { until: -MINUTE }) };
  }],
  ["of whose authority there is only a list that another has signed", async () => {
    const of = await root;
    return { ...await ofRoot({}), crl: await makeCrl(of, [], { wrong: { signer: await makeAuthority() } }) };
  }],
];

/** One that Deno's own TLS takes, which does not show it to anybody who could look closer. */
export const NOT_FOR_SIGNING: Kind = [
  "whose key is not for signing",
  () => ofRoot({ usages: KeyUsageFlags.keyEncipherment }),
];

/** Another that no client may take, which not every runtime lets a service show. */
export const PROXY: Kind = ["that is a proxy", async () => {
  const of = await root;
  const { cert, key } = await makeProxy(await issue({ of, names: NAMES }));
  return { cert, key, ca: of.own };
}];

/** Those that every client must take. */
export const TRUSTED: readonly Kind[] = [
  ["for its name", () => ofRoot({})],
  ["for its address", async () => ({ ...await ofRoot({}), hostname: "127.0.0.1" })],
  ["that does not say what it is for", () => ofRoot({ purposes: null })],
  ["for services only", () => ofRoot({ purposes: ["server"] })],
  ["with an RSA key", () => ofRoot({ keyType: "RSA" })],
  ["with the one between it and the root", async () => {
    const of = await makeAuthority({ of: await root, subject: "/O=Lab/CN=Between" });
    return { ...await ofRoot({ of }), ca: (await root).own };
  }],
  ["of any authority that it was told to trust", async () => {
    const [one, two] = await Promise.all([ofRoot({}), makeAuthority({ subject: "/O=Lab/CN=Other" })]);
    return { ...one, ca: `Both of them:\n${two.own}\n${one.ca}` };
  }],
  ["that was not revoked", async () => {
    const of = await root;
    return { ...await ofRoot({}), crl: await makeCrl(of, [await issue({ of })]) };
  }],
  ["that was not revoked, nor was the one between it and the root", async () => {
    const { shown, ofRoot, ofBetween } = await revocable();
    return { ...shown, crl: `Both of them:\n${ofRoot}\n${ofBetween}` };
  }],
];
