/**
 * A socket of Node's on its way to be a stream.
 *
 * @module
 */

import type { Socket } from "node:net";
import { setImmediate } from "node:timers";
import type { Inlet } from "./inlet.ts";
import { NodeStream } from "./node_stream.ts";
import { cancelled, connectError } from "./tls_errors.ts";
import type { ConnectOptions, Stream, StreamEvents } from "./transport.ts";

/** What an {@link opening} is about. */
export interface OpeningOptions {
  readonly to: Pick<ConnectOptions, "hostname" | "port" | "signal">;
  /** What the socket says when it is open. */
  readonly event: "connect" | "secureConnect";
  /** The protocol agreed on inside TLS; throws where the stream is not to be used. */
  readonly check: () => string | undefined;
  /** What the socket was made with. */
  readonly inlet?: Inlet | undefined;
}

/**
 * Waits until a socket is open, or never will be.
 *
 * @param events Who hears of the stream, a turn after whoever waited for it.
 * @returns The stream.
 * @throws {HoldfastError} As {@link connectError}, or what `check` throws; `cancelled` when the signal was aborted first.
 */
export function opening(
  socket: Socket,
  { check, event, inlet, to }: OpeningOptions,
  events: StreamEvents,
): Promise<Stream> {
  const { signal } = to;
  return new Promise((resolve, reject) => {
    let isPending = true;
    const abort = () => fail(cancelled(signal!));
    function settle(): void {
      isPending = false;
      signal?.removeEventListener("abort", abort);
    }
    function fail(error: unknown): void {
      if (!isPending) return;
      settle();
      reject(error);
      socket.destroy();
    }
    signal?.addEventListener("abort", abort, { once: true });
    socket.on("error", (error) => fail(connectError(error, to)));
    socket.on("close", () => {
      if (isPending) fail(connectError(undefined, to));
    });
    socket.on(event, () => {
      if (!isPending) return;
      let alpn: string | undefined;
      try {
        alpn = check();
      } catch (error) {
        return fail(error);
      }
      settle();
      const stream = new NodeStream(socket, alpn, []);
      resolve(stream);
      // Whoever awaits the stream comes first.
      setImmediate(() => stream.start(events, inlet));
    });
  });
}
