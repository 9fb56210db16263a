/**
 * Who allocates how much, by V8's sampling: the inspector of Node has it.
 *
 * @module
 */

import type { HeapProfiler } from "node:inspector";
import type { Allocator, Common } from "./commands.ts";

/** On average, one sample is taken in so many bytes. */
const INTERVAL = 1024;

/** Makes the commands to start and to stop. */
export function allocationSampling(): Pick<Common, "startSampling" | "stopSampling"> {
  let stop: (() => Promise<Allocator[]>) | undefined;
  return {
    async startSampling(): Promise<void> {
      const { Session } = await import("node:inspector/promises");
      const session = new Session();
      session.connect();
      await session.post("HeapProfiler.startSampling", {
        samplingInterval: INTERVAL,
        // Those that were short-lived count as much.
        includeObjectsCollectedByMajorGC: true,
        includeObjectsCollectedByMinorGC: true,
      });
      stop = async () => {
        const { profile } = await session.post("HeapProfiler.stopSampling");
        session.disconnect();
        return allocators(profile.head);
      };
    },
    stopSampling: (): Promise<Allocator[]> => stop!(),
  };
}

/** Sums up by function, most first. */
function allocators(head: HeapProfiler.SamplingHeapProfileNode): Allocator[] {
  const found = new Map<string, Allocator>();
  const visit = ({ callFrame, selfSize, children }: HeapProfiler.SamplingHeapProfileNode): void => {
    const name = callFrame.functionName || "(anonymous)";
    const place = `${callFrame.url.replace(/.*\//, "")}:${callFrame.lineNumber + 1}`;
    const key = `${name} ${place}`;
    found.set(key, { name, place, bytes: (found.get(key)?.bytes ?? 0) + selfSize });
    children.forEach(visit);
  };
  visit(head);
  return [...found.values()].filter(({ bytes }) => bytes > 0).sort((one, other) => other.bytes - one.bytes);
}
