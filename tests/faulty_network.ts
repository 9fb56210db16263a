/**
 * A network whose lines a test breaks as it likes.
 *
 * @module
 */

import type { Network, Stream, StreamEvents } from "../runtime/transport/transport.ts";

/** One line, as the client made it. */
export interface Line {
  /** Breaks it: both sides learn of it. */
  cut(): void;
  /** Breaks it for the client; the service still believes it alive, and writes to nobody. */
  sever(): void;
  /** Swallows all bytes from now on, both ways; nobody is told. */
  freeze(): void;
}

/** See the module's text. */
export interface FaultyNetwork extends Network {
  /** The lines that clients have made, the latest last. */
  readonly lines: Line[];
  /** Whether new lines can be made. */
  reachable: boolean;
}

/**
 * Makes a network whose lines can be broken.
 *
 * @param network What carries the bytes.
 */
export function faultyNetwork(network: Network): FaultyNetwork {
  const lines: Line[] = [];
  const faulty: FaultyNetwork = {
    lines,
    reachable: true,
    listen: (options, accept) => network.listen(options, accept),
    async connect(options, events) {
      if (!faulty.reachable) await network.connect({ ...options, port: 1 }, events);
      let live = true;
      let told = false;
      const closed = (cause?: unknown) => {
        if (told) return;
        told = true;
        live = false;
        events.closed(cause);
      };
      const wrapped: StreamEvents = { data: (chunk) => live && events.data(chunk), closed };
      const stream = await network.connect(options, wrapped);
      lines.push({
        cut: () => stream.destroy(),
        sever: () => closed(new Error("The line was severed.")),
        freeze: () => void (live = false),
      });
      const proxy: Stream = {
        remote: stream.remote,
        alpn: stream.alpn,
        certificates: stream.certificates,
        write: (bytes) => live ? stream.write(bytes) : undefined,
        pause: () => stream.pause(),
        resume: () => stream.resume(),
        close: () => live ? stream.close() : proxy.destroy(),
        destroy() {
          // A severed or frozen line takes its end to nobody; the service's own end of it stays open.
          if (live) stream.destroy();
          else closed();
        },
      };
      return proxy;
    },
  };
  return faulty;
}
