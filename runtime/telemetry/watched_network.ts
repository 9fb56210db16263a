/**
 * A network that is watched: its lines, and the bytes that go over them. Nothing stands in the way of one that is not.
 *
 * @module
 */

import type { Stream, StreamEvents } from "../transport/transport.ts";
import type { LineTelemetry, Side, Telemetry } from "./telemetry.ts";

/** A network, with TLS or without. */
interface Lines<L, C, R> {
  listen(options: L, accept: (stream: Stream) => StreamEvents): Promise<R>;
  connect(options: C, events: StreamEvents): Promise<Stream>;
}

/**
 * Watches the lines of a network, if somebody wants that.
 *
 * @param network Makes lines.
 * @param telemetry Who watches.
 * @returns One that makes the same lines; the network itself where nobody watches.
 */
export function watchedNetwork<L, C, R>(network: Lines<L, C, R>, telemetry: Telemetry | undefined): Lines<L, C, R> {
  if (telemetry === undefined) return network;
  return {
    listen: (options, accept) =>
      network.listen(options, (stream) => {
        const line = telemetry.line("service");
        return watchedEvents(accept(new WatchedStream(stream, line)), line);
      }),
    async connect(options, events) {
      const watch = new LateLine();
      const stream = await network.connect(options, watchedEvents(events, watch));
      return new WatchedStream(stream, watch.begin(telemetry, "client"));
    },
  };
}

/** A line that is not made yet: nothing happens on it before it is. */
class LateLine implements LineTelemetry {
  #line: LineTelemetry | undefined;

  begin(telemetry: Telemetry, side: Side): LineTelemetry {
    return this.#line = telemetry.line(side);
  }

  received(bytes: number): void {
    this.#line?.received(bytes);
  }

  sent(bytes: number): void {
    this.#line?.sent(bytes);
  }

  ended(): void {
    this.#line?.ended();
  }
}

function watchedEvents(events: StreamEvents, line: LineTelemetry): StreamEvents {
  return {
    data(chunk) {
      line.received(chunk.length);
      events.data(chunk);
    },
    closed(cause) {
      line.ended();
      events.closed(cause);
    },
  };
}

class WatchedStream implements Stream {
  readonly #stream: Stream;
  readonly #line: LineTelemetry;

  constructor(stream: Stream, line: LineTelemetry) {
    this.#stream = stream;
    this.#line = line;
  }

  get remote(): Stream["remote"] {
    return this.#stream.remote;
  }

  get alpn(): string | undefined {
    return this.#stream.alpn;
  }

  get certificates(): readonly Uint8Array[] {
    return this.#stream.certificates;
  }

  write(bytes: Uint8Array, left?: () => void): Promise<void> | undefined {
    this.#line.sent(bytes.length);
    return this.#stream.write(bytes, left);
  }

  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  close(): void {
    this.#stream.close();
  }

  destroy(): void {
    this.#stream.destroy();
  }
}
