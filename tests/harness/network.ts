/**
 * A network that knows what is still open on it, for the ones that the system knows nothing of.
 *
 * @module
 */

import type { Listener, Network, Stream, StreamEvents } from "../../runtime/transport/transport.ts";
import { type Leftover, origin } from "./leaks.ts";

/**
 * Keeps count of a network's listeners and streams.
 *
 * @param network The network.
 * @param open Where what is open stands.
 * @returns The same network.
 */
export function counted(network: Network, open: Set<Leftover>): Network {
  function add(what: string): () => void {
    const leftover = { what, origin: origin() };
    open.add(leftover);
    return () => open.delete(leftover);
  }

  function until(remove: () => void, events: StreamEvents): StreamEvents {
    return {
      data: (chunk) => events.data(chunk),
      closed(cause) {
        remove();
        events.closed(cause);
      },
    };
  }

  return {
    async listen(options, accept): Promise<Listener> {
      const remove = add("a listener");
      try {
        const listener = await network.listen(options, (stream) => {
          const remove = add(`a stream at the service, from port ${stream.remote.port}`);
          return until(remove, accept(stream));
        });
        return {
          hostname: listener.hostname,
          port: listener.port,
          renew: (certificate) => listener.renew(certificate),
          async close() {
            await listener.close();
            remove();
          },
        };
      } catch (error) {
        remove();
        throw error;
      }
    },

    async connect(options, events): Promise<Stream> {
      const remove = add(`a stream at the client, to port ${options.port}`);
      try {
        return await network.connect(options, until(remove, events));
      } catch (error) {
        remove();
        throw error;
      }
    },
  };
}
