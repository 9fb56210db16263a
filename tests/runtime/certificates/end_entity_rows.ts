/**
 * What there is to say of a client's certificate, as rows of a table; here of names and of what was taken back.
 *
 * @module
 */

// What @peculiar/x509 is built on needs this before it is loaded.
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import type { ClientTrust } from "../../../runtime/certificates/client_verifier.ts";
import type { Evidence } from "../../../runtime/principal.ts";
import { issue, makeAuthority, makeCrl } from "../../certificates.ts";
import type { Identity } from "../../certificates.ts";
import { altNames, nameConstraints } from "./lab.ts";
import type { Authorities } from "./lab.ts";

const DAY = 86_400;
const { keyCertSign } = x509.KeyUsageFlags;

/** Whom most of the certificates name. */
export const ALICE: Partial<Evidence> = { method: "certificate", subject: "/C=ch/O=Lab/CN=alice" };

/** Of an end entity, what it shows and what is to come of it. */
export interface Row {
  readonly name: string;
  readonly end: Identity;
  readonly expected: Partial<Evidence> | RegExp;
  readonly trust?: Partial<ClientTrust>;
  /** What is sent behind it, where that is not what belongs there. */
  readonly sent?: readonly Identity[];
  readonly difference?: string;
  /** Whether that is so without a proxy only. */
  readonly onlyAlone?: true;
}

/** Constraints on names. */
export async function constraintRows({ root }: Authorities): Promise<Row[]> {
  const within = (...extensions: x509.Extension[]) => makeAuthority({ of: root, subject: "/CN=Within", extensions });
  const lab = await within(nameConstraints([{ dn: "/C=ch/O=Lab" }]));
  const notLab = await within(nameConstraints([], [{ dn: "/C=ch/O=Lab" }]));
  const hosts = await within(nameConstraints([{ dns: "lab.example" }], [{ dns: "secret.lab.example" }]));
  const mail = await within(nameConstraints([{ email: "lab.example" }]));
  const net = await within(nameConstraints([{ ip: [10, 0, 0, 0, 255, 0, 0, 0] }]));
  const sites = await within(nameConstraints([{ uri: ".lab.example" }]));
  const below = await makeAuthority({ of: lab, subject: "/C=ch/O=Lab/CN=Below" });
  const outside = await makeAuthority({ of: lab, subject: "/C=ch/O=Else/CN=Outside" });
  const dns = (...values: string[]) => [altNames(...values.map((value) => ({ type: "dns" as const, value })))];
  return [
    { name: "name as allowed", end: await issue({ of: lab }), expected: ALICE },
    { name: "name as allowed further up", end: await issue({ of: below }), expected: ALICE },
    {
      name: "name not allowed",
      end: await issue({ of: lab, subject: "/C=ch/O=Else/CN=alice" }),
      expected: /is allowed/,
    },
    { name: "authority's name not allowed", end: await issue({ of: outside }), expected: /Outside is not among/ },
    {
      name: "name that is longer than what is allowed",
      end: await issue({ of: lab, subject: "/C=ch" }),
      expected: /allowed/,
    },
    { name: "name denied", end: await issue({ of: notLab }), expected: /alice is among .* denied/ },
    { name: "name not denied", end: await issue({ of: notLab, subject: "/O=x" }), expected: { subject: "/O=x" } },
    { name: "host allowed", end: await issue({ of: hosts, extensions: dns("a.lab.example") }), expected: ALICE },
    {
      name: "one of two hosts allowed",
      end: await issue({ of: hosts, extensions: dns("a.lab.example", "lab.example.evil") }),
      expected: /"lab\.example\.evil" is not among/,
    },
    {
      name: "host denied",
      end: await issue({ of: hosts, extensions: dns("x.secret.lab.example") }),
      expected: /denied/,
    },
    {
      name: "mailbox allowed",
      end: await issue({ of: mail, extensions: [altNames({ type: "email", value: "a@lab.example" })] }),
      expected: ALICE,
    },
    {
      name: "mailbox not allowed",
      end: await issue({ of: mail, extensions: [altNames({ type: "email", value: "a@x.lab.example" })] }),
      expected: /"a@x\.lab\.example" is not among/,
    },
    {
      name: "mailbox in the name",
      end: await issue({ of: mail, subject: "/CN=a/E=a@b.example" }),
      expected: /a@b\.example/,
    },
    {
      name: "address allowed",
      end: await issue({ of: net, extensions: [altNames({ type: "ip", value: "10.1.2.3" })] }),
      expected: ALICE,
    },
    {
      name: "address not allowed",
      end: await issue({ of: net, extensions: [altNames({ type: "ip", value: "11.1.2.3" })] }),
      expected: /its \(ip\) is not among/,
    },
    {
      name: "site allowed",
      end: await issue({ of: sites, extensions: [altNames({ type: "url", value: "https://a.lab.example/x" })] }),
      expected: ALICE,
    },
    {
      name: "site not allowed",
      end: await issue({ of: sites, extensions: [altNames({ type: "url", value: "https://lab.example.evil/" })] }),
      expected: /is not among/,
    },
  ];
}

/** Lists of what was taken back. */
export async function revocationRows({ root, middle, foreign }: Authorities): Promise<Row[]> {
  const alice = await issue({ of: middle });
  const twin = await makeAuthority({ subject: "/C=ch/O=Lab/CN=Root" });
  const mute = await makeAuthority({ subject: "/CN=Mute", usages: keyCertSign });
  const bob = await issue({ of: mute });
  const none = { root: await makeCrl(root, []), middle: await makeCrl(middle, []) };
  const row = (name: string, crl: string, expected: Row["expected"]): Row => ({
    name,
    end: alice,
    trust: { crl },
    expected,
  });
  return [
    row("not taken back", none.root + none.middle, ALICE),
    row("taken back", none.root + await makeCrl(middle, [alice]), /its issuer has taken it back/),
    row("authority taken back", await makeCrl(root, [middle]) + none.middle, /Middle was taken back by its issuer/),
    row("taken back by who has not issued it", await makeCrl(root, [alice]) + none.middle, ALICE),
    {
      ...row("in one of two lists", none.root + none.middle + await makeCrl(middle, [alice]), /taken it back/),
      difference: "OpenSSL asks one list of each authority, and both are as good",
    },
    row("no list of the issuer", none.root, /no list of \S+Middle in 'crl'/),
    row("no list of the issuer's issuer", none.middle, /no list of \S+Root in 'crl'/),
    row("list out of date", none.root + await makeCrl(middle, [], { from: -DAY, until: -1 }), /no list .* is current/),
    row("list not yet valid", none.root + await makeCrl(middle, [], { from: 60 }), /no list .* is current/),
    row(
      "list signed by another",
      none.root + await makeCrl(middle, [], { wrong: { signer: foreign } }),
      /signed by it/,
    ),
    row("list of another by the same name", await makeCrl(twin, []) + none.middle, /signed by it/),
    {
      name: "list of one that may sign none",
      end: bob,
      trust: { ca: mute.own, crl: await makeCrl(mute, []) },
      expected: /no list/,
    },
  ];
}
