/**
 * Everybody who belongs here, and the rules by which one of them is found.
 *
 * @module
 */

import type { Inquiry, Standing } from "../principal.ts";

/** What hosts act in; no group of users is called so. */
export const HOSTS = "hosts";

/** What somebody who belongs here shows. */
export interface Credential {
  /** A certificate's distinguished name, or a token's subject. */
  readonly subject: string;
  /** Who must vouch for that; whoever is trusted at all, if absent. */
  readonly issuer: string | undefined;
}

/** A user or a host. */
export interface Member {
  readonly kind: "user" | "host";
  readonly name: string;
  readonly suspended: boolean;
  /** The groups that a user is in. */
  readonly groups: ReadonlySet<string>;
  /** What a host may do. */
  readonly properties: readonly string[];
}

/** A group of users. */
export interface Group {
  readonly vo: string | undefined;
  /** What those may do who act in it. */
  readonly properties: readonly string[];
}

/** Whose a credential is: of those of one method, by subject and issuer. */
export class Credentials<Holder> {
  readonly #holders = new Map<string, Map<string, Holder>>();

  /**
   * Notes whose one is.
   *
   * @returns Who has it already, if somebody has: then nothing was noted. One that names no issuer is in the way of all
   * of the same subject.
   */
  add({ subject, issuer }: Credential, holder: Holder): Holder | undefined {
    let issuers = this.#holders.get(subject);
    if (issuers === undefined) this.#holders.set(subject, issuers = new Map());
    const [first] = issuers.values();
    const former = issuers.get(ANYBODY) ?? (issuer === undefined ? first : issuers.get(issuer));
    if (former === undefined) issuers.set(issuer ?? ANYBODY, holder);
    return former;
  }

  /** Finds whose one is. */
  find({ subject, issuer }: Credential): Holder | undefined {
    const issuers = this.#holders.get(subject);
    return issuers?.get(issuer ?? ANYBODY) ?? issuers?.get(ANYBODY);
  }
}

/** For a credential that names no issuer: no issuer is called so. */
const ANYBODY = "";

/** Everybody who belongs here. */
export class Roster {
  readonly #holders: Readonly<Record<Inquiry["method"], Credentials<Member>>>;
  readonly #groups: ReadonlyMap<string, Group>;
  readonly #defaultGroups: readonly string[];
  /** All that the file says, without what does not matter: two that are equal say the same. */
  readonly content: string;

  constructor(
    holders: Readonly<Record<Inquiry["method"], Credentials<Member>>>,
    groups: ReadonlyMap<string, Group>,
    defaultGroups: readonly string[],
    content: string,
  ) {
    this.#holders = holders;
    this.#groups = groups;
    this.#defaultGroups = defaultGroups;
    this.content = content;
  }

  /**
   * Looks somebody up.
   *
   * @returns What is known; or, as a text for the log, why that one has no standing here.
   */
  ask(inquiry: Inquiry): Standing | string {
    const { method, group, wanted } = inquiry;
    const member = this.#holders[method].find(inquiry);
    if (member === undefined) return `${describe(inquiry)} belongs to nobody in the registry.`;
    const { kind, name, suspended, groups } = member;
    if (suspended) return `The ${kind} ${name} is suspended.`;
    if (group !== undefined && wanted !== undefined && group !== wanted) {
      return `The ${kind} ${name} asks for the group ${quote(wanted)} with a ${method} for the group ${quote(group)}.`;
    }
    const asked = group ?? wanted;
    if (kind === "host") {
      if (asked !== undefined && asked !== HOSTS) {
        return `The host ${name} asks for the group ${quote(asked)} of users.`;
      }
      return { name, group: HOSTS, properties: member.properties };
    }
    const chosen = asked ?? this.#defaultGroups.find((group) => groups.has(group));
    if (chosen === undefined) return `The user ${name} asks for no group, and is in none of the default groups.`;
    const known = groups.has(chosen) ? this.#groups.get(chosen) : undefined;
    if (known === undefined) return `The user ${name} asks for the group ${quote(chosen)}, and is not in it.`;
    const { vo, properties } = known;
    return { name, group: chosen, properties, ...(vo !== undefined && { vo }) };
  }
}

function describe({ method, subject, issuer }: Inquiry): string {
  const by = issuer === "" ? "" : ` (issued by ${quote(issuer)})`;
  return `The ${method} ${quote(subject)}${by}`;
}

/** What comes from a client stays one line of the log, and a short one. */
function quote(text: string): string {
  return JSON.stringify(text.length > 256 ? `${text.slice(0, 256)}…` : text);
}
