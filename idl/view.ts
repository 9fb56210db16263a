/**
 * What of a definition somebody may know.
 *
 * @module
 */

import type { Definition, Docs, Exchange, Message, Shape, Type } from "./definition.ts";
import { mentionedNames } from "./rules.ts";
import { freezeDefinition } from "./validate.ts";

/** Whether a message may be known in one direction: as one that the service `receives`, or one that it `sends`. */
export type Admits = (direction: "receives" | "sends", name: string) => boolean;

/**
 * Makes of a definition the part that somebody may know. Messages keep their numbers, so that both are spoken alike.
 *
 * @param definition The definition.
 * @param admits Which messages.
 * @returns Those messages, the replies to them, the connect arguments, and the types and comments that belong to them; no
 * rules. The definition itself if that is all of it.
 */
export function viewDefinition(definition: Definition, admits: Admits): Definition {
  const { shape, docs } = definition;
  let isWhole = true;
  const used: Message[] = [];
  const replies = new Set<string>();
  for (const { name, number, receives, sends } of shape.messages) {
    const keep = (direction: "receives" | "sends", exchange: Exchange | undefined) => {
      if (exchange === undefined) return {};
      if (!admits(direction, name)) {
        isWhole = false;
        return {};
      }
      if (exchange.reply !== undefined) replies.add(exchange.reply);
      return { [direction]: exchange };
    };
    used.push({ name, number, ...keep("receives", receives), ...keep("sends", sends) });
  }
  if (isWhole) return definition;
  const messages = used.filter(({ name, receives, sends }) => receives ?? sends ?? replies.has(name));
  const types = reachedTypes(shape, messages);
  return freezeDefinition({
    shape: { service: shape.service, connect: shape.connect, messages, types },
    docs: docsOf(docs, types),
    rules: {},
  });
}

function reachedTypes({ connect, types }: Shape, messages: readonly Message[]): { [name: string]: Type } {
  // A set goes on to what is added to it meanwhile.
  const names = new Set([...messages.map(({ name }) => name), ...mentionedNames(connect)]);
  for (const name of names) {
    for (const inner of mentionedNames(types[name]!)) names.add(inner);
  }
  return Object.fromEntries([...names].map((name) => [name, types[name]!]));
}

/** The comments on the service, on its connect arguments, and on what is left of its types. */
function docsOf(docs: Docs, types: { readonly [name: string]: Type }): Docs {
  const belongs = (path: string) => {
    const [name = ""] = path.split(".", 1);
    return name === "" || name === "connect" || Object.hasOwn(types, name);
  };
  return Object.fromEntries(Object.entries(docs).filter(([path]) => belongs(path)));
}
