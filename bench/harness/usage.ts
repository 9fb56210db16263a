/**
 * What this process uses of the machine.
 *
 * @module
 */

import process from "node:process";
import { allocationSampling } from "./allocations.ts";
import type { Common } from "./commands.ts";

/** See {@link Common}. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function collectGarbage(): void {
  const { Bun: bun, gc } = globalThis as { Bun?: { gc(force: boolean): void }; gc?: () => void };
  if (bun !== undefined) bun.gc(true);
  else gc!();
}

async function residentMemory(): Promise<number> {
  for (let times = 0; times < 3; times++) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return process.memoryUsage().rss / 1024;
}

function allocated(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Makes the commands that every worker obeys. */
export function common(): Common {
  return { processorTime, residentMemory, collectGarbage, allocated, ...allocationSampling() };
}
