/**
 * Certificates of clients, good and bad: each is shown by itself, and with a proxy on top.
 *
 * @module
 */

// What @peculiar/x509 is built on needs this before it is loaded.
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import * as asn1 from "asn1js";
import { issue, makeAuthority, makeProxy } from "../../certificates.ts";
import type { Identity } from "../../certificates.ts";
import { ALICE, constraintRows, revocationRows } from "./end_entity_rows.ts";
import type { Row } from "./end_entity_rows.ts";
import { chainOf, extension, purposes } from "./lab.ts";
import type { Authorities, Case } from "./lab.ts";

const DAY = 86_400;
const CLIENT = "1.3.6.1.5.5.7.3.2";
const ANY = "2.5.29.37.0";
const SERVER = "1.3.6.1.5.5.7.3.1";
const { keyCertSign, cRLSign, digitalSignature, keyEncipherment } = x509.KeyUsageFlags;

/** All rows, each without and with a proxy. */
export async function endEntityCases(authorities: Authorities): Promise<Case[]> {
  const rows = [
    ...await goodRows(authorities),
    ...await timeAndPurposeRows(authorities),
    ...await pathRows(authorities),
    ...await strengthRows(authorities),
    ...await constraintRows(authorities),
    ...await revocationRows(authorities),
  ];
  return (await Promise.all(rows.map(async ({ name, end, expected, trust, sent, difference, onlyAlone }) => {
    const behind = sent?.map(({ der }) => der) ?? chainOf(end).slice(1);
    const proxy = await makeProxy(end);
    const common = {
      trust: { ca: authorities.root.own, proxies: "full" as const, ...trust },
      expected,
    };
    const differs = difference === undefined ? {} : { difference };
    return [
      { ...common, ...differs, name, chain: [end.der, ...behind] },
      {
        ...common,
        ...(onlyAlone ? {} : differs),
        name: `${name}, with a proxy`,
        chain: [proxy.der, end.der, ...behind],
      },
    ];
  }))).flat();
}

async function goodRows({ root, middle, foreign }: Authorities): Promise<Row[]> {
  const low = await makeAuthority({ of: middle, subject: "/C=ch/O=Lab/CN=Low", pathLength: 0 });
  const alice = await issue({ of: low });
  const elsewhere = await makeAuthority({ of: foreign, subject: "/C=ch/O=Lab/CN=Middle" });
  // The same authority, vouched for by another.
  const crossed = await cross(elsewhere, middle);
  const ofMiddle = await issue({ of: middle });
  return [
    {
      name: "of a trusted authority",
      end: await issue({ of: root }),
      expected: { ...ALICE, issuer: "/C=ch/O=Lab/CN=Root" },
    },
    { name: "two authorities between", end: alice, expected: { ...ALICE, issuer: "/C=ch/O=Lab/CN=Low" } },
    { name: "in another order", end: alice, sent: [middle, low], expected: ALICE },
    { name: "with the root", end: alice, sent: [low, middle, root], expected: ALICE },
    { name: "with others that are not needed", end: alice, sent: [foreign, low, elsewhere, middle], expected: ALICE },
    { name: "with the same one twice", end: alice, sent: [low, low, middle], expected: ALICE },
    {
      name: "an authority that two vouch for",
      end: ofMiddle,
      sent: [crossed, middle],
      expected: ALICE,
      difference: "OpenSSL follows the first that it finds, and does not turn back",
    },
    {
      name: "an authority that is trusted has not signed itself",
      end: ofMiddle,
      trust: { ca: middle.own },
      expected: ALICE,
    },
    {
      name: "one of several trusted authorities",
      end: await issue({ of: root }),
      trust: { ca: foreign.own + root.own },
      expected: ALICE,
    },
    {
      name: "names differ in capitals and spaces",
      end: await issue({ of: root, wrong: { issuerName: "/C=CH/O=lab/CN=ROOT" } }),
      expected: { ...ALICE, issuer: "/C=ch/O=Lab/CN=Root" },
    },
  ];
}

async function timeAndPurposeRows({ root }: Authorities): Promise<Row[]> {
  const expired = await makeAuthority({ of: root, subject: "/CN=Expired", from: -2 * DAY, until: -1 });
  const old = await makeAuthority({ subject: "/CN=Old", from: -2 * DAY, until: -1 });
  const servers = await makeAuthority({ of: root, subject: "/CN=Servers", extensions: [purposes(SERVER)] });
  const clients = await makeAuthority({ of: root, subject: "/CN=Clients", extensions: [purposes(CLIENT)] });
  const critical = extension("1.2.3.4", true, new asn1.Null());
  const strict = await makeAuthority({ of: root, subject: "/CN=Strict", extensions: [critical] });
  return [
    { name: "expired", end: await issue({ of: root, from: -2 * DAY, until: -1 }), expected: /alice .* it has expired/ },
    { name: "not yet valid", end: await issue({ of: root, from: 60 }), expected: /alice .* it is not valid before/ },
    {
      name: "authority expired",
      end: await issue({ of: expired }),
      expected: /Expired can't be the issuer: it has expired/,
    },
    {
      name: "trusted authority expired",
      end: await issue({ of: old }),
      trust: { ca: old.own },
      expected: /Old can't be the issuer: it has expired/,
    },
    {
      name: "for servers",
      end: await issue({ of: root, purposes: ["server"] }),
      expected: /extKeyUsage lacks clientAuth/,
    },
    { name: "for nothing in particular", end: await issue({ of: root, purposes: null }), expected: ALICE },
    {
      name: "for everything",
      end: await issue({ of: root, purposes: null, extensions: [purposes(ANY)] }),
      expected: ALICE,
      difference: "OpenSSL wants clientAuth by name; RFC 5280 4.2.1.12 has anyExtendedKeyUsage stand for all",
    },
    {
      name: "authority for servers",
      end: await issue({ of: servers }),
      expected: /Servers can't be .* lacks clientAuth/,
    },
    { name: "authority for clients", end: await issue({ of: clients }), expected: ALICE },
    {
      name: "key not for signing",
      end: await issue({ of: root, usages: keyEncipherment }),
      expected: /not for signing/,
    },
    { name: "no key usage", end: await issue({ of: root, usages: null }), expected: ALICE },
    {
      name: "critical extension that is unknown",
      end: await issue({ of: root, extensions: [critical] }),
      expected: /critical extension 1\.2\.3\.4/,
    },
    {
      name: "extension that is unknown",
      end: await issue({ of: root, extensions: [extension("1.2.3.4", false, new asn1.Null())] }),
      expected: ALICE,
    },
    {
      name: "authority with a critical extension",
      end: await issue({ of: strict }),
      expected: /critical extension 1\.2/,
    },
    {
      name: "the same extension twice",
      end: await issue({ of: root, extensions: [new x509.BasicConstraintsExtension(false)] }),
      expected: /has the extension 2\.5\.29\.19 twice/,
    },
  ];
}

async function pathRows({ root, middle, foreign }: Authorities): Promise<Row[]> {
  const twin = await makeAuthority({ subject: "/C=ch/O=Lab/CN=Root" });
  const user = await issue({ of: root, subject: "/CN=user" });
  const mute = await makeAuthority({ of: root, subject: "/CN=Mute", usages: cRLSign });
  const silent = await makeAuthority({ of: root, subject: "/CN=Silent", usages: null });
  const forged = await makeAuthority({ of: root, subject: "/CN=Forged", wrong: { signer: foreign } });
  const short = await makeAuthority({ subject: "/CN=Short", pathLength: 0 });
  const below = await makeAuthority({ of: short, subject: "/CN=Below" });
  const again = await makeAuthority({ of: short, subject: "/CN=Short" });
  const edge = await makeAuthority({ subject: "/CN=Edge", pathLength: 1 });
  const inside = await makeAuthority({ of: edge, subject: "/CN=Inside", pathLength: 0 });
  const claims = { usages: digitalSignature | keyCertSign, authority: true };
  return [
    { name: "of another authority", end: await issue({ of: foreign }), expected: /neither trusted nor among/ },
    {
      name: "of another authority, which is sent",
      end: await issue({ of: foreign }),
      sent: [foreign],
      expected: /believed/,
    },
    {
      name: "of another authority by the same name",
      end: await issue({ of: twin }),
      expected: /its key has not signed/,
    },
    {
      name: "signed by another authority",
      end: await issue({ of: root, wrong: { signer: foreign } }),
      expected: /its key has not signed/,
    },
    {
      name: "signature that is none",
      end: await issue({ of: root, wrong: { signature: true } }),
      expected: /has not signed/,
    },
    {
      name: "authority's signature is another's",
      end: await issue({ of: forged }),
      expected: /has not signed \/CN=Forged/,
    },
    { name: "self-signed", end: await issue({}), expected: /neither trusted nor among/ },
    {
      name: "self-signed, named as the authority",
      end: await issue({ subject: "/C=ch/O=Lab/CN=Root" }),
      expected: /signed/,
    },
    {
      name: "authority missing",
      end: await issue({ of: middle }),
      sent: [],
      expected: /CN=Middle is neither trusted nor/,
    },
    {
      name: "issued by a user",
      end: await issue({ of: user }),
      expected: /user can't .* not the certificate of an authority/,
    },
    {
      name: "issued by who may not",
      end: await issue({ of: mute }),
      expected: /Mute can't .* not for signing certificates/,
    },
    { name: "issued by who does not say", end: await issue({ of: silent }), expected: ALICE },
    {
      name: "longer than allowed",
      end: await issue({ of: below }),
      expected: /allows 0 authorities/,
      trust: { ca: short.own },
    },
    { name: "as long as allowed", end: await issue({ of: inside }), expected: ALICE, trust: { ca: edge.own } },
    {
      name: "longer by itself",
      end: await issue({ of: again }),
      sent: [again],
      expected: ALICE,
      trust: { ca: short.own },
    },
    {
      name: "an authority",
      end: await issue({ of: root, ...claims }),
      expected: /certificate of an authority, not of a client/,
      difference:
        "OpenSSL takes an authority's certificate for a client's; whoever signs others should not log in as one",
      onlyAlone: true,
    },
    {
      name: "a trusted authority",
      end: root,
      sent: [],
      expected: /certificate of an authority, not of a client/,
    },
  ];
}

async function strengthRows({ root }: Authorities): Promise<Row[]> {
  const edwards = await makeAuthority({ keyType: "Ed25519", subject: "/CN=Edwards" });
  const rsa = await makeAuthority({ keyType: "RSA", subject: "/CN=RSA" });
  const big = await makeAuthority({ keyType: "P-384", digest: "SHA-384", of: rsa, subject: "/CN=Big" });
  const sha1 = await makeAuthority({ keyType: "RSA", digest: "SHA-1", subject: "/CN=Old root" });
  return [
    {
      name: "RSA with SHA-1",
      end: await issue({ of: rsa, digest: "SHA-1" }),
      trust: { ca: rsa.own },
      expected: /SHA-1/,
    },
    { name: "RSA of 1024 bits", end: await issue({ of: root, keyType: "RSA-1024" }), expected: /has 1024 bits/ },
    {
      name: "RSA",
      end: await issue({ of: rsa, keyType: "RSA", digest: "SHA-512" }),
      trust: { ca: rsa.own },
      expected: ALICE,
    },
    {
      name: "P-384 between",
      end: await issue({ of: big, digest: "SHA-384" }),
      trust: { ca: rsa.own },
      expected: ALICE,
    },
    {
      name: "Ed25519",
      end: await issue({ of: edwards, keyType: "Ed25519" }),
      trust: { ca: edwards.own },
      expected: ALICE,
    },
    { name: "trusted authority with SHA-1", end: await issue({ of: sha1 }), trust: { ca: sha1.own }, expected: ALICE },
    {
      name: "P-521",
      end: await issue({ of: root, keyType: "P-521" }),
      expected: /curve that is not taken/,
      difference: "not all runtimes verify with it alike, and public authorities don't use it",
    },
  ];
}

/** The certificate of an authority over the key of another one by the same name. */
async function cross(foreign: Identity, authority: Identity): Promise<Identity> {
  const { behind: [signer] } = foreign;
  const made = await x509.X509CertificateGenerator.create({
    subject: authority.certificate.subjectName,
    issuer: foreign.certificate.issuerName,
    publicKey: authority.keys.publicKey,
    signingKey: (signer ?? foreign).keys.privateKey,
    signingAlgorithm: { name: "ECDSA", hash: "SHA-256" },
    notBefore: new Date(Date.now() - 1000),
    notAfter: new Date(Date.now() + 1000 * DAY),
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      await x509.SubjectKeyIdentifierExtension.create(authority.keys.publicKey),
    ],
  });
  return { ...authority, certificate: made, der: new Uint8Array(made.rawData) };
}
