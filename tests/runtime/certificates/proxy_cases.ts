/**
 * X.509 proxies, good and bad.
 *
 * @module
 */

// What @peculiar/x509 is built on needs this before it is loaded.
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import * as asn1 from "asn1js";
import type { ClientTrust } from "../../../runtime/certificates/client_verifier.ts";
import type { Evidence } from "../../../runtime/principal.ts";
import { issue, makeAuthority, makeProxy, OIDS } from "../../certificates.ts";
import type { Identity, ProxyOptions } from "../../certificates.ts";
import { altNames, chainOf, extension, purposes } from "./lab.ts";
import type { Authorities, Case } from "./lab.ts";

const { keyCertSign, digitalSignature, keyEncipherment } = x509.KeyUsageFlags;
const ALICE: Partial<Evidence> = { subject: "/C=ch/O=Lab/CN=alice", issuer: "/C=ch/O=Lab/CN=Middle" };
const NO_LIMITS = "OpenSSL leaves it to others what a proxy's policy means";

/** All cases. */
export async function proxyCases(authorities: Authorities): Promise<Case[]> {
  const alice = await issue({ of: authorities.middle });
  const row = (
    name: string,
    shown: Identity,
    expected: Case["expected"],
    options: Partial<ClientTrust> & { readonly difference?: string; readonly sent?: readonly Identity[] } = {},
  ): Case => {
    const { difference, sent, ...trust } = options;
    return {
      name,
      chain: sent === undefined ? chainOf(shown) : [shown, ...sent].map(({ der }) => der),
      trust: { ca: authorities.root.own, proxies: "full", ...trust },
      expected,
      ...(difference !== undefined && { difference }),
    };
  };
  /** A proxy that alice has made. */
  const of = (options: ProxyOptions) => makeProxy(alice, options);
  const proxy = await of({});
  const second = await makeProxy(proxy);
  const limited = await of({ limited: true });
  const bob = await issue({ of: authorities.middle, subject: "/C=ch/O=Lab/CN=bob" });
  const client = await issue({ of: authorities.middle, usages: keyEncipherment });
  const one = await of({ pathLength: 1 });
  const none = await of({ pathLength: 0 });
  const idle = await of({ usages: keyEncipherment });
  const expired = await of({ from: -7200, until: -1 });
  const beforeLast = await makeProxy(second);
  return [
    row("a proxy", proxy, ALICE),
    row("a proxy of a proxy", second, ALICE),
    row("a proxy of a proxy of a proxy", beforeLast, ALICE),
    row("a proxy, its chain in another order", second, ALICE, { sent: [authorities.middle, alice, proxy] }),
    row("a proxy that is not a limited one, where those are taken", proxy, ALICE, { proxies: "limited" }),
    row("a limited proxy", limited, { ...ALICE, limited: true }, { proxies: "limited" }),
    row("a full proxy of a limited one", await makeProxy(limited), { ...ALICE, limited: true }, { proxies: "limited" }),
    row("a limited proxy of a full one", await makeProxy(proxy, { limited: true }), { limited: true }, {
      proxies: "limited",
    }),
    row("a limited proxy, where only full ones are taken", limited, /limited proxy, and this service takes full ones/, {
      difference: NO_LIMITS,
    }),
    row("a full proxy of a limited one, where only full ones are taken", await makeProxy(limited), /limited proxy/, {
      difference: NO_LIMITS,
    }),
    row("a proxy, where none are taken", proxy, /is a proxy, and this service takes none/, { proxies: "none" }),
    row("a limited proxy, where none are taken", limited, /this service takes none/, { proxies: "none" }),
    row("an independent proxy", await of({ policy: OIDS.independent }), /none of the rights/, {
      difference: NO_LIMITS,
    }),
    row("a proxy by another policy", await of({ policy: "1.2.3" }), /policy not known here, 1\.2\.3/, {
      difference: NO_LIMITS,
    }),
    row("a proxy of one by another policy", await makeProxy(await of({ policy: "1.2.3" })), /not known here/, {
      difference: NO_LIMITS,
    }),
    row("a proxy with rules", await withPolicy(alice, OIDS.inheritAll), /rules beside/, {
      difference: "OpenSSL leaves that to others, too, where the policy is not one of its own",
    }),
    row("a proxy that is not critical", await of({ critical: false }), /not critical/, {
      difference: "OpenSSL takes proxyCertInfo for what it is even so; RFC 3820 3.8 has it critical",
    }),
    row("a proxy by another name", await of({ subject: "/C=ch/O=Lab/CN=bob/CN=1" }), /name is not that of its issuer/),
    row("a proxy by its user's name", await of({ subject: "/C=ch/O=Lab/CN=alice" }), /name is not that/),
    row("a proxy with two names more", await of({ subject: "/C=ch/O=Lab/CN=alice/CN=1/CN=2" }), /name is not that/),
    row(
      "a proxy with a name more that is no CN",
      await of({ subject: "/C=ch/O=Lab/CN=alice/OU=1" }),
      /name is not that/,
    ),
    row("a proxy with a part of two names more", await of({ lastPart: { CN: ["1"], OU: ["2"] } }), /name is not that/),
    row(
      "a proxy that names another issuer",
      await of({ wrong: { issuerName: "/C=ch/O=Lab/CN=bob" } }),
      /bob was not sent/,
    ),
    row(
      "a proxy that names another issuer, who is sent",
      await of({ wrong: { issuerName: "/C=ch/O=Lab/CN=bob" } }),
      /bob can't have made it/,
      { sent: [alice, bob, authorities.middle] },
    ),
    row("a proxy signed by another user", await of({ wrong: { signer: bob } }), /its key has not signed/),
    row(
      "a proxy signed by its authority",
      await of({ wrong: { signer: authorities.middle } }),
      /its key has not signed/,
    ),
    row("a proxy whose signature is none", await of({ wrong: { signature: true } }), /its key has not signed/),
    row(
      "a proxy of one whose signature is none",
      await makeProxy(await of({ wrong: { signature: true } })),
      /not signed/,
    ),
    row("a proxy without its user's certificate", proxy, /alice was not sent/, { sent: [authorities.middle] }),
    row("a proxy without the one between", second, /was not sent/, { sent: [alice, authorities.middle] }),
    row("a proxy that has expired", expired, /has expired/),
    row("a proxy of one that has expired", await makeProxy(expired), /has expired/),
    row("a proxy that is not yet valid", await of({ from: 60 }), /not valid before/),
    row("a proxy whose key is not for signing", idle, /not for signing/),
    row("a proxy of one whose key is not for signing", await makeProxy(idle), /not for signing/),
    row("a proxy of a user whose key is not for signing", await makeProxy(client), /not for signing/),
    row("a proxy that does not say what its key is for", await of({ usages: null }), ALICE),
    row("a proxy that signs certificates", await of({ usages: digitalSignature | keyCertSign }), /claims to sign/, {
      difference: "RFC 3820 3.6 forbids it; OpenSSL does not look",
    }),
    row("a proxy for servers", await of({ extensions: [purposes("1.3.6.1.5.5.7.3.1")] }), /lacks clientAuth/),
    row(
      "a proxy with further names",
      await of({ extensions: [altNames({ type: "dns", value: "a.b" })] }),
      /further names/,
    ),
    row("a proxy with further names of its issuer", await of({ extensions: [issuerNames()] }), /further names/),
    row(
      "a proxy that is an authority",
      await of({ extensions: [new x509.BasicConstraintsExtension(true)] }),
      /authority/,
    ),
    row("a proxy that is no authority", await of({ extensions: [new x509.BasicConstraintsExtension(false)] }), ALICE),
    row("a proxy with a critical extension", await of({ extensions: [unknown()] }), /critical extension 1\.2\.3\.4/),
    row("as many proxies as allowed", await makeProxy(one), ALICE),
    row("more proxies than allowed", await makeProxy(none), /allows 0 further ones, not 1/),
    row("more proxies than allowed further up", await makeProxy(await makeProxy(one)), /allows 1 further ones, not 2/),
    row("a proxy of an authority", await makeProxy(authorities.middle), /authority, not of a client/),
    row("a user issued by a proxy", await issue({ of: proxy }), /is a proxy, not an authority/),
    row("a user issued by a proxy that claims to be an authority", await byFalseAuthority(alice), /is a proxy, not an/),
    row("a proxy of Globus 2", await byOldName(alice, "proxy"), /from before RFC 3820, of Globus 2/),
    row("a limited proxy of Globus 2", await byOldName(alice, "limited proxy"), /of Globus 2/),
    row("a proxy of Globus 3", await byDraft(alice), /from before RFC 3820, of Globus 3/),
    row("a proxy signed with SHA-1", await of({ digest: "SHA-1" }), /ECDSA with SHA-1/),
    row("a proxy with a weak key", await of({ keyType: "RSA-1024" }), /1024 bits/),
    row("a proxy for a group", await of({ group: "lab_user", groupType: "IA5" }), { ...ALICE, group: "lab_user" }),
    row("a proxy for a group in UTF-8", await of({ group: "lab_user", groupType: "Utf8" }), { group: "lab_user" }),
    row("a proxy for a group in bytes", await of({ group: "lab_user", groupType: "Octet" }), { group: "lab_user" }),
    row(
      "a proxy of one for a group",
      await makeProxy(await of({ group: "lab_user", groupType: "IA5" })),
      { group: "lab_user" },
    ),
    row(
      "a proxy for another group than the one before",
      await makeProxy(await of({ group: "lab_user", groupType: "IA5" }), { group: "lab_admin", groupType: "IA5" }),
      { group: "lab_user" },
    ),
    row(
      "a proxy for a group that can't be one",
      await of({ group: "lab\nuser", groupType: "IA5" }),
      /group that can't/,
      {
        difference: "OpenSSL does not know of groups",
      },
    ),
  ];
}

/** A proxy whose policy is followed by rules. */
async function withPolicy(of: Identity, language: string): Promise<Identity> {
  const policy = new asn1.Sequence({
    value: [new asn1.ObjectIdentifier({ value: language }), new asn1.OctetString({ valueHex: new ArrayBuffer(3) })],
  });
  return await issueBelow(of, "1", [extension(OIDS.proxyCertInfo, true, new asn1.Sequence({ value: [policy] }))]);
}

/** A proxy as it was before there was an extension for it. */
async function byOldName(of: Identity, name: string): Promise<Identity> {
  return await issueBelow(of, name, []);
}

/** A proxy with the extension of the draft of RFC 3820. */
async function byDraft(of: Identity): Promise<Identity> {
  const policy = new asn1.Sequence({ value: [new asn1.ObjectIdentifier({ value: OIDS.inheritAll })] });
  return await issueBelow(of, "1", [
    extension("1.3.6.1.4.1.3536.1.222", true, new asn1.Sequence({ value: [policy] })),
  ]);
}

async function issueBelow(of: Identity, name: string, extensions: x509.Extension[]): Promise<Identity> {
  return await issue({ of, subject: `/C=ch/O=Lab/CN=alice/CN=${name}`, extensions });
}

/** A user's certificate, issued by a proxy that says that it is an authority. */
async function byFalseAuthority(of: Identity): Promise<Identity> {
  const policy = new asn1.Sequence({ value: [new asn1.ObjectIdentifier({ value: OIDS.inheritAll })] });
  const proxy = await makeAuthority({
    of,
    subject: "/C=ch/O=Lab/CN=alice/CN=1",
    extensions: [extension(OIDS.proxyCertInfo, true, new asn1.Sequence({ value: [policy] }))],
  });
  return await issue({ of: proxy, subject: "/C=ch/O=Lab/CN=admin" });
}

function issuerNames(): x509.Extension {
  return new x509.Extension("2.5.29.18", false, altNames({ type: "dns", value: "a.b" }).value);
}

function unknown(): x509.Extension {
  return extension("1.2.3.4", true, new asn1.Null());
}
