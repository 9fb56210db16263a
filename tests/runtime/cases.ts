/**
 * What a service and its clients do, as a function of the network between them: the same cases run in memory and over
 * each runtime's TLS.
 *
 * @module
 */

import type { Network } from "../../mod.ts";
import { connectingCases } from "./cases/connecting.ts";
import { labCheckOn } from "./cases/lab.ts";
import { messagingCases } from "./cases/messaging.ts";

/**
 * Declares the cases.
 *
 * @param title What the network is called.
 * @param network Makes the network.
 */
export function serviceCases(title: string, network: () => Network): void {
  const labCheck = labCheckOn(title, network);
  connectingCases(labCheck);
  messagingCases(labCheck);
}
