/**
 * Clients of every kind, who show who they are in every way.
 *
 * @module
 */

import type { ConnectOptions, UnknownService } from "../../../mod.ts";
import type { ClientTrust } from "../../../runtime/certificates/client_verifier.ts";
import type { Inquiry, Standing } from "../../../runtime/principal.ts";
import type { TokenEvidence } from "../../../runtime/tokens.ts";
import type { ClientCertificate } from "../../../runtime/transport/transport.ts";
import { issue, makeAuthority, makeProxy } from "../../certificates.ts";
import { SECRET } from "../../secrets.ts";
import { type Kind, KINDS } from "./truth_table.ts";

/** How somebody shows who it is. */
export type Way = "nothing" | "certificate" | "proxy" | "token";

/** A client, as it is to connect. */
export interface Caller {
  /** As "users by proxy". */
  readonly name: string;
  readonly kind: Kind;
  readonly way: Way;
  readonly token?: string;
  readonly certificate?: ClientCertificate;
  readonly group?: string;
}

/** All of them, and what a service must be told to know them. */
export interface Callers {
  readonly list: readonly Caller[];
  readonly trust: ClientTrust;
  readonly tokens: (token: string) => TokenEvidence;
  readonly registry: (inquiry: Inquiry) => Standing | undefined;
}

/** Whom the registry knows, each in one group at the most. */
const STANDINGS: Readonly<Record<Exclude<Kind, "anonymous" | "stranger">, Standing>> = {
  "no group": { name: "nora" },
  "production": { name: "paul", group: "production", vo: "lab", properties: ["Operator"] },
  "users": { name: "ute", group: "users", vo: "lab" },
  "guests": { name: "guy", group: "guests", vo: "other", properties: ["Operator"] },
};

/** Whom each kind names, when it shows something, and the group that it asks for, or whose proxy it has. */
const SHOWN: readonly (readonly [kind: Kind, who: string, group?: string])[] = [
  ["stranger", "sam"],
  // Known, but not in that group.
  ["stranger", "ute", "production"],
  ["no group", "nora"],
  ["production", "paul", "production"],
  ["users", "ute", "users"],
  ["guests", "guy"],
];

const TOKEN = new RegExp(`^${SECRET}-of-(\\w+)$`);

/** Makes all of them. */
export async function makeCallers(): Promise<Callers> {
  const ca = await makeAuthority();
  const list: Caller[] = [{ name: "anonymous", kind: "anonymous", way: "nothing" }];
  for (const [kind, who, group] of SHOWN) {
    const user = await issue({ of: ca, subject: nameOf(who) });
    const proxy = await makeProxy(user, group === undefined ? {} : { group });
    const asks = group !== undefined && { group };
    const name = (way: Way) => `${kind} by ${way}${kind === "stranger" && group ? ", in a foreign group" : ""}`;
    list.push(
      { name: name("certificate"), kind, way: "certificate", certificate: pems(user), ...asks },
      { name: name("proxy"), kind, way: "proxy", certificate: pems(proxy) },
      { name: name("token"), kind, way: "token", token: `${SECRET}-of-${who}`, ...asks },
    );
  }
  return {
    list,
    trust: { ca: ca.own, proxies: "full" },
    tokens(token) {
      const who = TOKEN.exec(token)?.[1];
      if (who === undefined) throw new Error("It is none of ours.");
      return { subject: nameOf(who) };
    },
    registry({ subject, group, wanted }) {
      const standing = Object.values(STANDINGS).find(({ name }) => subject === nameOf(name));
      const asked = group ?? wanted;
      return asked === undefined || asked === standing?.group ? standing : undefined;
    },
  };
}

/** The options by which a client is that caller. */
export function showing({ certificate, group, token }: Caller): ConnectOptions<UnknownService> {
  return {
    ...(certificate !== undefined && { certificate }),
    ...(token !== undefined && { token }),
    ...(group !== undefined && { group }),
  };
}

/** One of each kind and way. */
export function isComplete(list: readonly Caller[], ways: readonly Way[]): boolean {
  return KINDS.every((kind) =>
    ways.every((way) =>
      (kind === "anonymous") !== (way === "nothing")
      || list.some((caller) => caller.kind === kind && caller.way === way)
    )
  );
}

function nameOf(who: string): string {
  return `/C=ch/O=Lab/CN=${who}`;
}

function pems({ cert, key }: ClientCertificate): ClientCertificate {
  return { cert, key };
}
