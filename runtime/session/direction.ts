/**
 * Which messages a side may send.
 *
 * @module
 */

import type { Exchange, Message } from "../../idl/definition.ts";
import { HoldfastError } from "../errors.ts";

/**
 * What a message is that a side sends.
 *
 * @throws {HoldfastError} `wrong-direction`, where it is none.
 */
export function sentBy(role: "client" | "service", message: Message): Exchange {
  const exchange = role === "service" ? message.sends : message.receives;
  if (exchange !== undefined) return exchange;
  throw new HoldfastError("wrong-direction", `${message.name} is not for a ${role} to send.`);
}

/** @throws {HoldfastError} `wrong-direction`, where a side does not send it, or as a request. */
export function checkIsSent(role: "client" | "service", message: Message): void {
  if (sentBy(role, message).reply === undefined) return;
  throw new HoldfastError("wrong-direction", `${message.name} is a request: use request(), which gives its reply.`);
}
