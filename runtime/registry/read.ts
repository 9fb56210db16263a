/**
 * The text of a registry, checked: all problems in one go.
 *
 * @module
 */

import { fileProblem, type Problem, Problems, Source } from "../../idl/problem.ts";
import { suggest } from "../../idl/suggest.ts";
import type { Inquiry, Registry } from "../principal.ts";
import { RegistryError } from "./error.ts";
import { contentOf, type Entry, type Json, JsonReader, show } from "./json.ts";
import { DISTINGUISHED_NAME, GROUP_NAME, MEMBER_NAME, PROPERTY, type Spelling } from "./names.ts";
import { type Credential, Credentials, type Group, HOSTS, type Member, Roster } from "./roster.ts";

/** How long a registry may be, in bytes: room for tens of thousands of users. */
export const MAX_SIZE: number = 4 * 1024 * 1024;

/**
 * Makes a registry of its text. It stays as it is; `fileRegistry` makes one that follows its file.
 *
 * @param text The text: JSON with comments, as `docs/registry.md` describes it.
 * @param file What the text is called in problems; `registry.jsonc` unless given.
 * @returns The registry.
 * @throws {RegistryError} If the text has problems.
 *
 * @example
 * ```ts
 * import { readRegistry } from "holdfast";
 *
 * const registry = readRegistry(`{
 *   "users": { "alice": { "certificates": ["/C=ch/O=Lab/CN=alice"] } },
 *   "groups": { "production": { "users": ["alice"], "properties": ["JobAdministrator"] } },
 *   "defaultGroups": ["production"],
 * }`);
 * const alice = await registry.find({
 *   method: "certificate",
 *   subject: "/C=ch/O=Lab/CN=alice",
 *   issuer: "/C=ch/O=Lab/CN=Lab CA",
 * });
 * console.assert(alice?.name === "alice" && alice.group === "production");
 * ```
 */
export function readRegistry(text: string, file = "registry.jsonc"): Registry {
  const roster = readRoster(text, file);
  return {
    find(inquiry) {
      const answer = roster.ask(inquiry);
      return typeof answer === "string" ? undefined : answer;
    },
  };
}

/**
 * Reads everybody who belongs here.
 *
 * @throws {RegistryError} If the text has problems.
 */
export function readRoster(text: string, file: string): Roster {
  if (text.length > MAX_SIZE) throw new RegistryError([tooLong(file)]);
  const problems = new Problems();
  const roster = new RosterReader(new Source(file, text), problems).read();
  if (roster === undefined || problems.any) throw new RegistryError(problems.list());
  return roster;
}

/** What is said of a file that is too long. */
export function tooLong(file: string): Problem {
  return fileProblem(file, `The registry is too long: ${MAX_SIZE} bytes are the most.`);
}

/** One run through a text. */
class RosterReader {
  readonly #json: JsonReader;
  readonly #holders = { certificate: new Credentials<Member>(), token: new Credentials<Member>() };
  /** Where they are in the file. */
  readonly #places = new Map<Member, Json>();

  constructor(source: Source, problems: Problems) {
    this.#json = new JsonReader(source, problems);
  }

  read(): Roster | undefined {
    const root = this.#json.parse();
    if (root === undefined) return undefined;
    const parts = this.#json.fields(root, "A registry", ["users", "groups", "hosts", "defaultGroups"]);
    const users = new Map<string, Set<string>>();
    for (const entry of this.#entries(parts.users, "`users`", MEMBER_NAME)) {
      const groups = new Set<string>();
      users.set(entry.name, groups);
      this.#user(entry, groups);
    }
    for (const entry of this.#entries(parts.hosts, "`hosts`", MEMBER_NAME)) this.#host(entry);
    const groups = new Map<string, Group>();
    for (const entry of this.#entries(parts.groups, "`groups`", GROUP_NAME)) {
      groups.set(entry.name, this.#group(entry, users));
    }
    const defaultGroups = this.#known(parts.defaultGroups, "`defaultGroups`", "group", groups);
    return new Roster(this.#holders, groups, defaultGroups, contentOf(root));
  }

  #user({ name, key, value }: Entry, groups: ReadonlySet<string>): void {
    const fields = this.#json.fields(value, "A user", ["certificates", "tokens", "suspended"]);
    const suspended = this.#json.flag(fields.suspended, "`suspended`");
    this.#credentials(fields, key, { kind: "user", name, suspended, groups, properties: [] });
  }

  #host({ name, key, value }: Entry): void {
    const fields = this.#json.fields(value, "A host", ["certificates", "tokens", "suspended", "properties"]);
    const suspended = this.#json.flag(fields.suspended, "`suspended`");
    const properties = this.#properties(fields.properties);
    this.#credentials(fields, key, { kind: "host", name, suspended, groups: new Set(), properties });
  }

  #group({ name, key, value }: Entry, users: ReadonlyMap<string, Set<string>>): Group {
    if (name.toLowerCase() === HOSTS) {
      this.#json.problem(key, "`hosts` is the group that all hosts act in: no group of users is called so.");
    }
    const fields = this.#json.fields(value, "A group", ["vo", "users", "properties"]);
    for (const user of this.#known(fields.users, "`users`", "user", users)) users.get(user)?.add(name);
    return { vo: this.#json.name(fields.vo, "A VO", GROUP_NAME), properties: this.#properties(fields.properties) };
  }

  /** What somebody shows: one thing at least, and each belongs to nobody else. */
  #credentials(fields: { certificates?: Json; tokens?: Json }, key: Json, member: Member): void {
    this.#places.set(member, key);
    const certificates = this.#json.list(fields.certificates, "`certificates`");
    const tokens = this.#json.list(fields.tokens, "`tokens`");
    for (const node of certificates) this.#claim("certificate", node, this.#certificate(node), member);
    for (const node of tokens) this.#claim("token", node, this.#token(node), member);
    // Whoever said something that can't be read is told of that alone.
    if (fields.certificates?.children?.length || fields.tokens?.children?.length) return;
    this.#json.problem(
      key,
      () => `The ${member.kind} ${show(member.name)} has nothing to show, so nobody can be it.`,
      () => 'Give it `"certificates": ["/C=…/O=…/CN=…"]`, or `"tokens": [{ "issuer": "…", "subject": "…" }]`.',
    );
  }

  #claim(method: Inquiry["method"], node: Json, credential: Credential | undefined, member: Member): void {
    if (credential === undefined) return;
    const former = this.#holders[method].add(credential, member);
    if (former === undefined) return;
    const place = this.#places.get(former)!;
    this.#json.problem(
      node,
      () =>
        former === member
          ? `This ${method} is there twice.`
          : `This ${method} belongs to the ${former.kind} ${show(former.name)} already (${this.#json.at(place)}).`,
      () => former === member ? undefined : "It has to say who somebody is: give it to one user, or to one host.",
    );
  }

  #certificate(node: Json): Credential | undefined {
    if (node.type === "string") return this.#subject(node, undefined);
    if (node.type !== "object") {
      this.#json.problem(node, 'A certificate is its subject, `"/C=…/O=…/CN=…"`, or `{ "subject": …, "issuer": … }`.');
      return undefined;
    }
    const fields = this.#json.fields(node, "A certificate", ["subject", "issuer"]);
    if (fields.subject === undefined || fields.issuer === undefined) {
      this.#json.problem(
        node,
        "A certificate needs both `subject` and `issuer`.",
        () => 'If the issuer does not matter, write only the subject: `"/C=…/O=…/CN=…"`.',
      );
    }
    const issuer = this.#json.name(fields.issuer, "A certificate's issuer", DISTINGUISHED_NAME);
    return issuer === undefined ? undefined : this.#subject(fields.subject, issuer);
  }

  #subject(node: Json | undefined, issuer: string | undefined): Credential | undefined {
    const subject = this.#json.name(node, "A certificate's subject", DISTINGUISHED_NAME);
    return subject === undefined ? undefined : { subject, issuer };
  }

  #token(node: Json): Credential | undefined {
    const fields = this.#json.fields(node, "A token", ["issuer", "subject"]);
    const issuer = this.#json.text(fields.issuer, "A token's issuer");
    const subject = this.#json.text(fields.subject, "A token's subject");
    if (node.type === "object" && (fields.subject === undefined || fields.issuer === undefined)) {
      this.#json.problem(
        node,
        "A token needs both `issuer` and `subject`.",
        () => "Every issuer has subjects of its own: one may call somebody as another calls somebody else.",
      );
    }
    return subject === undefined || issuer === undefined ? undefined : { subject, issuer };
  }

  /** What an object has under names; those that are misspelt are reported, and given back nevertheless. */
  #entries(node: Json | undefined, what: string, { pattern, hint }: Spelling): readonly Entry[] {
    const entries = node === undefined ? [] : this.#json.entries(node, what);
    for (const { name, key } of entries) {
      if (!pattern.test(name)) {
        this.#json.problem(key, () => `${show(name)} can't be a name in ${what}.`, () => hint);
      }
    }
    return entries;
  }

  /** A list of names that there are. */
  #known(node: Json | undefined, what: string, kind: string, known: ReadonlyMap<string, unknown>): readonly string[] {
    return this.#json.distinct(node, what, (one) => {
      const name = this.#json.text(one, `A ${kind}'s name`);
      if (name === undefined || known.has(name)) return name;
      this.#json.problem(one, () => `There is no ${kind} ${show(name)}.`, () => suggest(name, known.keys()));
      return undefined;
    });
  }

  /** Rules compare them without regard to case. */
  #properties(node: Json | undefined): readonly string[] {
    const read = (one: Json) => this.#json.name(one, "A property", PROPERTY);
    return Object.freeze(this.#json.distinct(node, "`properties`", read, (word) => word.toLowerCase()));
  }
}
