/**
 * A network whose lines are cut behind bytes that a test names.
 *
 * @module
 */

import type { Network, Stream, StreamEvents } from "../runtime/transport/transport.ts";

/** A place at which a line is cut: behind so many bytes of one direction. */
export interface Cut {
  readonly line: number;
  readonly way: "up" | "down";
  readonly at: number;
}

/** A network that cuts its lines at given places, and counts what goes through. */
export function cuttingNetwork(
  network: Network,
  cuts: readonly Cut[],
): Network & { readonly counts: Counts[] } {
  const counts: Counts[] = [];
  let accepted = 0;
  const cutting = (line: number, way: Cut["way"], events: StreamEvents, stream: () => Stream): StreamEvents => {
    const count = counts[line] ??= { up: 0, down: 0 };
    const end = cuts.find((cut) => cut.line === line && cut.way === way)?.at ?? Infinity;
    return {
      data(chunk) {
        const left = end - count[way];
        count[way] += Math.min(left, chunk.length);
        if (left > 0) events.data(chunk.subarray(0, left));
        if (left < chunk.length) stream().destroy();
      },
      closed: (cause) => events.closed(cause),
    };
  };
  return {
    counts,
    listen: (options, accept) =>
      network.listen(options, (stream) => cutting(accepted++, "up", accept(stream), () => stream)),
    async connect(options, events) {
      const stream: Stream = await network.connect(options, cutting(counts.length, "down", events, () => stream));
      return stream;
    },
  };
}

/** How many bytes went over a line. */
export interface Counts {
  up: number;
  down: number;
}
