/**
 * Who may do what: the rules of a definition, applied to a client. `docs/security.md` has the truth table.
 *
 * @module
 */

import type { Definition } from "../idl/definition.ts";
import { misspeltRule } from "../idl/suggest.ts";
import { HoldfastError } from "./errors.ts";
import { suggestion } from "./names.ts";
import type { Principal } from "./principal.ts";

/**
 * Rules that stand instead of those in the `.msg` file, by what they are for: `connect`, `receives NAME`, `sends NAME`,
 * and `default` for what no other rule is for. Written as behind `auth`: `"group:production, JobAdministrator"`, or as a
 * list of the words. `"none"`, and an empty list, let nobody in.
 */
export type RuleOverrides = { readonly [action: string]: string | readonly string[] };

/** For how many kinds of clients it is remembered what they may do. */
const MOST_KINDS = 1_000;

/** As in the language. */
const WORD = /^(?:[A-Za-z_][A-Za-z0-9_]*|(?:group|vo):[A-Za-z0-9_.-]+)$/;

const RESTRICTION = /^(?:group|vo):/;

/** What clients may do at one service. */
export class Authorization {
  readonly #rules: ReadonlyMap<string, readonly string[]>;
  readonly #receives: readonly string[];
  readonly #sends: readonly string[];
  readonly #connect: readonly string[] | undefined;
  /** By everything of a client that a rule may ask for; the oldest first. */
  readonly #known = new Map<string, Rights>();

  /**
   * @param definition The service's definition, with its rules.
   * @param overrides What stands instead of them.
   * @throws {HoldfastError} `invalid-argument` where a message has no rule, and where an override can't be read or is
   * for nothing that there is.
   */
  constructor(definition: Definition, overrides: RuleOverrides = {}) {
    const { rules, shape } = definition;
    this.#receives = shape.messages.filter(({ receives }) => receives !== undefined).map(({ name }) => name);
    this.#sends = shape.messages.filter(({ sends }) => sends !== undefined).map(({ name }) => name);
    const actions = [
      ...this.#receives.map((name) => `receives ${name}`),
      ...this.#sends.map((name) => `sends ${name}`),
    ];
    const read = readOverrides(overrides, ["connect", "default", ...actions]);
    const fallback = read.get("default");
    const found = new Map<string, readonly string[]>();
    for (const action of actions) {
      const words = read.get(action) ?? rules[action] ?? fallback;
      if (words === undefined) throw noRule(shape.service, action);
      found.set(action, words);
    }
    this.#rules = found;
    this.#connect = read.get("connect") ?? rules["connect"];
  }

  /** What a client may do. */
  rights(principal: Principal): Rights {
    const { authenticated, group, properties, vo } = principal;
    const kind = JSON.stringify([authenticated, group, vo, properties]);
    let rights = this.#known.get(kind);
    if (rights === undefined) {
      rights = this.#judge(principal);
      this.#known.set(kind, rights);
      if (this.#known.size > MOST_KINDS) this.#known.delete(this.#known.keys().next().value!);
    }
    return rights;
  }

  #judge(principal: Principal): Rights {
    const allowed = (direction: string, names: readonly string[]) =>
      new Set(names.filter((name) => admits(this.#rules.get(`${direction} ${name}`)!, principal)));
    const receives = allowed("receives", this.#receives);
    const sends = allowed("sends", this.#sends);
    // Where nothing is said of connecting: whoever may do anything. Where there is nothing to do, anybody.
    const connect = this.#connect === undefined
      ? receives.size + sends.size > 0 || this.#rules.size === 0
      : admits(this.#connect, principal);
    return new Rights(connect, receives, sends);
  }
}

/** What one kind of clients may do. */
export class Rights {
  /** Whether they may connect. */
  readonly connect: boolean;
  readonly #receives: ReadonlySet<string>;
  readonly #sends: ReadonlySet<string>;

  /**
   * @param connect Whether they may connect.
   * @param receives What they may send to the service.
   * @param sends What the service may send to them.
   */
  constructor(connect: boolean, receives: ReadonlySet<string>, sends: ReadonlySet<string>) {
    this.connect = connect;
    this.#receives = receives;
    this.#sends = sends;
  }

  /** Names what they may do: equal where two may do the same. */
  get key(): string {
    return `${[...this.#receives]};${[...this.#sends]}`;
  }

  /** Whether they may send a message to the service. */
  maySend(name: string): boolean {
    return this.#receives.has(name);
  }

  /** Whether the service may send them a message. */
  mayBeSent(name: string): boolean {
    return this.#sends.has(name);
  }

  /** Whether others may do all that these may. */
  isWithin(others: Rights): boolean {
    return isSubset(this.#receives, others.#receives) && isSubset(this.#sends, others.#sends);
  }
}

/** What a client is told, and no more; `cause` is for this side's log. */
export function unauthorized(cause?: unknown): HoldfastError {
  return new HoldfastError("unauthorized", "Not authorized.", cause === undefined ? {} : { cause });
}

/** Whether the words of a rule let a client in. */
export function admits(words: readonly string[], principal: Principal): boolean {
  if (words.length === 0) return false;
  const { authenticated, group, properties, vo } = principal;
  const restrictions = words.filter((word) => RESTRICTION.test(word));
  const others = words.filter((word) => !RESTRICTION.test(word)).map((word) => word.toLowerCase());
  if (restrictions.length > 0) {
    const isMember = (group !== undefined && restrictions.includes(`group:${group}`))
      || (vo !== undefined && restrictions.includes(`vo:${vo}`));
    if (!authenticated || !isMember) return false;
    if (others.length === 0) return true;
  }
  if (others.includes("all")) return true;
  if (!authenticated) return false;
  return others.includes("authenticated") || properties.some((property) => others.includes(property.toLowerCase()));
}

function readOverrides(overrides: RuleOverrides, actions: readonly string[]): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const [action, rule] of Object.entries(overrides)) {
    if (!actions.includes(action)) {
      throw new HoldfastError(
        "invalid-argument",
        `There is a rule for ${JSON.stringify(action)}, which the service does not know.${suggestion(action, actions)} `
          + 'A rule is for "connect", "receives NAME", "sends NAME" or "default".',
      );
    }
    found.set(action, readWords(action, rule));
  }
  return found;
}

function readWords(action: string, rule: string | readonly string[]): readonly string[] {
  if (typeof rule !== "string" && !Array.isArray(rule)) {
    throw new HoldfastError("invalid-argument", `The rule for ${JSON.stringify(action)} is neither a text nor a list.`);
  }
  const words: readonly string[] = typeof rule === "string" ? rule.split(",").map((word) => word.trim()) : [...rule];
  if (words.length === 1 && words[0] === "none") return [];
  for (const word of words) {
    const meant = typeof word === "string" ? misspeltRule(word) : undefined;
    if (meant === undefined && typeof word === "string" && WORD.test(word) && !/^(?:any|none)$/i.test(word)) continue;
    const hint = meant === undefined ? "" : ` Did you mean ${JSON.stringify(meant)}?`;
    throw new HoldfastError(
      "invalid-argument",
      `The rule for ${JSON.stringify(action)} says ${
        JSON.stringify(word)
      }: it may say "all", "authenticated", a property, `
        + `"group:NAME" or "vo:NAME", separated by commas, or "none" alone.${hint}`,
    );
  }
  return words;
}

function isSubset(part: ReadonlySet<string>, whole: ReadonlySet<string>): boolean {
  for (const one of part) if (!whole.has(one)) return false;
  return true;
}

function noRule(service: string, action: string): HoldfastError {
  return new HoldfastError(
    "invalid-argument",
    `The definition of ${service} has no rule for "${action}", so nobody could. A definition that came over the wire has `
      + 'none: serve the one that its .msg file makes, or say who may in the option "rules".',
  );
}
