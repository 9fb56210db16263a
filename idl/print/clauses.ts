/**
 * The order in which a service must name its messages: the language numbers them as they are first mentioned.
 *
 * @module
 */

import type { Message } from "../definition.ts";

/** One line of a service: a message, one way. */
export interface Clause {
  readonly direction: "receives" | "sends";
  readonly message: string;
  readonly reply?: string;
}

/**
 * Puts the clauses of a service into an order that gives its messages their numbers again.
 *
 * @param messages The messages, by number.
 * @returns All clauses; and whether the numbers come out again, which they don't where some are missing, as in a view of
 * what one client may use.
 */
export function orderClauses(messages: readonly Message[]): { readonly clauses: Clause[]; readonly exact: boolean } {
  const own = new Map<string, Clause[]>(); // not yet written, by message
  const answered = new Map<string, Clause[]>(); // the same ones, by reply
  for (const message of messages) {
    for (const direction of ["receives", "sends"] as const) {
      const exchange = message[direction];
      if (exchange === undefined) continue;
      const clause = { direction, message: message.name, ...exchange };
      append(own, message.name, clause);
      if (exchange.reply !== undefined) append(answered, exchange.reply, clause);
    }
  }
  const written = new Set<Clause>();
  const mentioned = new Set<string>();
  const write = (clause: Clause) => {
    written.add(clause);
    mentioned.add(clause.message);
    if (clause.reply !== undefined) mentioned.add(clause.reply);
  };
  let exact = messages.every((message, index) => message.number === index);
  for (const [index, { name }] of messages.entries()) {
    if (mentioned.has(name)) continue;
    const next = messages[index + 1]?.name;
    const fitting = own.get(name)?.find(({ reply }) =>
      reply === undefined || reply === next || reply === name || mentioned.has(reply)
    ) ?? answered.get(name)?.find((clause) =>
      mentioned.has(clause.message)
    );
    exact &&= fitting !== undefined;
    const clause = fitting ?? own.get(name)?.[0];
    if (clause !== undefined) write(clause);
  }
  for (const clauses of own.values()) {
    for (const clause of clauses) if (!written.has(clause)) write(clause);
  }
  return { clauses: [...written], exact };
}

function append(map: Map<string, Clause[]>, key: string, clause: Clause): void {
  const clauses = map.get(key);
  if (clauses === undefined) map.set(key, [clause]);
  else clauses.push(clause);
}
