/**
 * A network whose lines break as planned: so that both ends see it, or so that the client has left while what it wrote
 * is still on its way.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import type { Network, Stream, StreamEvents } from "../../../runtime/transport/transport.ts";

type Way = "up" | "down";

/** How a line breaks: behind so many bytes that go one way. */
export interface Break {
  readonly way: Way;
  readonly at: number;
  /** How many turns later the rest of what the client wrote arrives, and the service sees it; else both see it. */
  readonly late: number | undefined;
}

/** See the module's text. */
export interface BreakingNetwork extends Network {
  /** How many lines have broken. */
  readonly breaks: number;
  /** The line that is there breaks as is planned for the first, and each one after it as for the next. */
  begin(): void;
}

/** Makes such a network of another. */
export function breakingNetwork(network: Network, plan: readonly Break[]): BreakingNetwork {
  const planned = [...plan];
  const lines: Line[] = [];
  let hasBegun = false;
  let accepted = 0;
  return {
    get breaks() {
      return lines.filter((line) => line.isBroken).length;
    },
    begin() {
      hasBegun = true;
      lines.at(-1)!.plan(planned.shift());
    },
    listen: (options, accept) =>
      network.listen(options, (stream) => {
        const line = lines[accepted++]!;
        return line.atService(accept(stream));
      }),
    async connect(options, events) {
      const line = new Line(events);
      lines.push(line);
      if (hasBegun) line.plan(planned.shift());
      return line.atClient(await network.connect(options, line));
    },
  };
}

/** One line: hears what arrives at the client. */
class Line implements StreamEvents {
  readonly #client: StreamEvents;
  #service: StreamEvents | undefined;
  #stream!: Stream;
  #plan: Break | undefined;
  readonly #left: { [way in Way]: number } = { up: Infinity, down: Infinity };
  /** What arrives at the service when its client has left. */
  #late: Uint8Array[] | undefined;
  /** Whether it has. */
  isBroken = false;

  constructor(client: StreamEvents) {
    this.#client = client;
  }

  /** Sets how it breaks, from here on. */
  plan(plan: Break | undefined): void {
    this.#plan = plan;
    if (plan !== undefined) this.#left[plan.way] = plan.at;
  }

  data(chunk: Uint8Array): void {
    if (!this.isBroken) this.#carry("down", chunk, this.#client);
  }

  closed(cause?: unknown): void {
    if (this.#late === undefined) this.#client.closed(cause);
  }

  /** Hears what arrives at the service. */
  atService(events: StreamEvents): StreamEvents {
    this.#service = events;
    return {
      data: (chunk) => {
        if (this.#late !== undefined) this.#late.push(chunk.slice());
        else if (!this.isBroken) this.#carry("up", chunk, events);
      },
      closed: (cause) => {
        this.#service = undefined;
        events.closed(cause);
      },
    };
  }

  /** The client's end. */
  atClient(stream: Stream): Stream {
    this.#stream = stream;
    const hasLeft = () => this.#late !== undefined;
    return {
      remote: stream.remote,
      alpn: stream.alpn,
      certificates: stream.certificates,
      write: (bytes, left) => hasLeft() ? undefined : stream.write(bytes, left),
      pause: () => stream.pause(),
      resume: () => stream.resume(),
      close: () => hasLeft() || stream.close(),
      destroy: () => hasLeft() || stream.destroy(),
    };
  }

  #carry(way: Way, chunk: Uint8Array, to: StreamEvents): void {
    const left = this.#left[way];
    this.#left[way] -= Math.min(left, chunk.length);
    if (left > 0) to.data(chunk.subarray(0, left));
    if (chunk.length <= left) return;
    this.isBroken = true;
    const late = this.#plan!.late;
    if (late === undefined) return this.#stream.destroy();
    this.#late = way === "up" ? [chunk.slice(left)] : [];
    this.#client.closed(new Error("The client has left."));
    void this.#arriveLate(late);
  }

  async #arriveLate(turns: number): Promise<void> {
    while (turns-- > 0) await setImmediate();
    for (const chunk of this.#late!) this.#service?.data(chunk);
    this.#stream.destroy();
  }
}
