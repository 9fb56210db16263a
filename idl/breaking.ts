/**
 * Which changes of a service's definition break whom: what a client would find when it connects, asked beforehand and of
 * the same code.
 *
 * @module
 */

import type { Shape } from "./definition.ts";
import { findMisfits, type Misfit, resolveService } from "./resolve.ts";

/** How clients of the one definition get on with services of the other. */
export interface Verdict {
  /** Which definition the clients have; the services have the other one. */
  readonly clients: "old" | "new";
  /** Why they can't connect at all; empty if they can. */
  readonly connect: readonly string[];
  /** Messages that worked, and do not work between these two. */
  readonly broken: readonly Misfit[];
  /** Messages that the clients know of, and that the services do not have yet. */
  readonly added: readonly Misfit[];
}

/**
 * Compares two definitions of a service, for both ways in which they can meet.
 *
 * @param old The shape before the changes.
 * @param next The shape with them.
 * @returns How clients of the old one get on with services of the new one, and the other way round.
 */
export function compareShapes(old: Shape, next: Shape): readonly [Verdict, Verdict] {
  return [verdict("old", old, next), verdict("new", next, old)];
}

/** Whether something that worked does not work any more. */
export function breaks({ connect, broken }: Verdict): boolean {
  return connect.length > 0 || broken.length > 0;
}

function verdict(clients: "old" | "new", client: Shape, service: Shape): Verdict {
  const services = clients === "old" ? "new" : "old";
  const names = { client: `the ${clients} client`, service: `the ${services} service` };
  const resolution = resolveService(client, service, names);
  const misfits = findMisfits(client, resolution);
  const isAdded = ({ message, direction }: Misfit) =>
    clients === "new" && service.messages.find(({ name }) => name === message)?.[direction] === undefined;
  return {
    clients,
    connect: resolution.connect.problems,
    broken: misfits.filter((misfit) => !isAdded(misfit)),
    added: misfits.filter(isAdded),
  };
}
