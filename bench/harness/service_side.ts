/**
 * What the process of a service does.
 *
 * @module
 */

import type { Candidate, Kind, Service } from "../candidates/candidate.ts";
import { sendFor } from "./batches.ts";
import type { ServiceSide } from "./commands.ts";
import { common } from "./usage.ts";

/** How often to look whether all has arrived, in milliseconds. */
const GLANCE = 1;

/** Waits until so many have come. */
export async function reached(count: () => number, target: number): Promise<void> {
  while (count() < target) await new Promise((resolve) => setTimeout(resolve, GLANCE));
}

/**
 * Makes the commands.
 *
 * @param candidate Whose service.
 * @param certificate Texts in PEM.
 */
export function serviceSide(
  candidate: Candidate,
  certificate: { readonly cert: string; readonly key: string },
): ServiceSide {
  const services = new Map<Kind, Service>();
  const { cert, key } = certificate;
  return {
    async serve(kind: Kind, options: Parameters<ServiceSide["serve"]>[1] = {}): Promise<number> {
      const service = await candidate.serve({ kind, cert, key, ...options });
      services.set(kind, service);
      return service.port;
    },
    push: (kind: Kind, milliseconds: number): Promise<number> =>
      sendFor(kind, milliseconds, (id) => services.get(kind)!.push(id)),
    async pushSlowly(kind: Kind, count: number, milliseconds: number): Promise<void> {
      for (let id = 1; id <= count; id++) {
        void services.get(kind)!.push(id);
        await new Promise((resolve) => setTimeout(resolve, milliseconds));
      }
    },
    broadcast(kind: Kind): void {
      services.get(kind)!.broadcast!(1);
    },
    told: (kind: Kind): number => services.get(kind)!.told,
    toldAll: (kind: Kind, target: number): Promise<void> => reached(() => services.get(kind)!.told, target),
    ...common(),
  };
}
