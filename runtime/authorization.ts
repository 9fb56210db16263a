/**
 * Who may do what: the rules of a definition, applied to a client.
 *
 * No client can show who it is yet, so each is anonymous: a rule lets it in if it says `all` and does not restrict to a
 * group or a VO. Whatever no rule allows is refused.
 *
 * @module
 */

import type { Definition } from "../idl/definition.ts";
import { HoldfastError } from "./errors.ts";

/** What anonymous clients may do at one service. */
export class Authorization {
  readonly #allowed = new Set<string>();
  /** Whether they may connect: if the rule for that says so, or where there is none, if they may do anything. */
  readonly connect: boolean;

  /**
   * @param definition The service's definition, with its rules.
   * @throws {HoldfastError} `invalid-argument` where a message has no rule.
   */
  constructor(definition: Definition) {
    const { rules, shape } = definition;
    for (const message of shape.messages) {
      for (const direction of ["receives", "sends"] as const) {
        if (message[direction] === undefined) continue;
        const action = `${direction} ${message.name}`;
        const words = rules[action];
        if (words === undefined) throw noRule(shape.service, action);
        if (admitsAnonymous(words)) this.#allowed.add(action);
      }
    }
    const { connect } = rules;
    this.connect = connect === undefined
      ? this.#allowed.size > 0 || shape.messages.length === 0
      : admitsAnonymous(connect);
  }

  /** Whether a client may send a message to the service. */
  maySend(name: string): boolean {
    return this.#allowed.has(`receives ${name}`);
  }

  /** Whether the service may send a message to a client. */
  mayBeSent(name: string): boolean {
    return this.#allowed.has(`sends ${name}`);
  }
}

/** What a client is told, and no more. */
export function unauthorized(): HoldfastError {
  return new HoldfastError("unauthorized", "Not authorized.");
}

function admitsAnonymous(words: readonly string[]): boolean {
  return words.includes("all") && !words.some((word) => word.startsWith("group:") || word.startsWith("vo:"));
}

function noRule(service: string, action: string): HoldfastError {
  return new HoldfastError(
    "invalid-argument",
    `The definition of ${service} has no rule for "${action}", so nobody could. A definition that came over the wire has `
      + "none: serve the one that its .msg file makes.",
  );
}
