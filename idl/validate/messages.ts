/**
 * Whether the messages of a definition belong together.
 *
 * @module
 */

import type { Shape } from "../definition.ts";
import { DefinitionError, MAX_MESSAGE_NUMBER, quote } from "./problem.ts";

/**
 * Checks the messages of a shape. Their numbers may have gaps: a view of what a client may use keeps them.
 *
 * @param shape The shape.
 * @throws {DefinitionError} If a message is not described, comes twice, is never used, or is answered by none.
 */
export function checkMessages(shape: Shape): void {
  const names = new Set(shape.messages.map((message) => message.name));
  if (names.size < shape.messages.length) throw new DefinitionError("shape.messages", "a message comes twice");
  const replies = new Set<string>();
  let last = -1;
  for (const [index, { name, number, receives, sends }] of shape.messages.entries()) {
    const path = `shape.messages[${index}]`;
    const type = Object.hasOwn(shape.types, name) ? shape.types[name] : undefined;
    if (type?.type !== "record") throw new DefinitionError(path, `${quote(name)} is not the name of a record`);
    if (!Number.isInteger(number) || number <= last || number > MAX_MESSAGE_NUMBER) {
      throw new DefinitionError(
        path,
        `its number must be whole, more than the one before, ${MAX_MESSAGE_NUMBER} at most`,
      );
    }
    last = number;
    for (const reply of [receives?.reply, sends?.reply]) {
      if (reply === undefined) continue;
      if (!names.has(reply)) throw new DefinitionError(path, `its reply ${quote(reply)} is not among the messages`);
      replies.add(reply);
    }
  }
  const idle = shape.messages.find(({ name, receives, sends }) => !receives && !sends && !replies.has(name));
  if (idle !== undefined) throw new DefinitionError("shape.messages", `nobody sends ${idle.name}`);
}
