/**
 * A server of Node's on its way to be a listener, with TLS or without.
 *
 * @module
 */

import type { ListenOptions as Where, Server } from "node:net";
import { listenError } from "./tls_errors.ts";
import type { Listener } from "./transport.ts";

/**
 * Waits until a server listens, or never will.
 *
 * @param where Where it is to listen.
 * @param closing Called when it is to listen no more.
 * @returns The listener.
 * @throws {HoldfastError} As {@link listenError}.
 */
export function listening(
  server: Server,
  where: Where & { readonly host: string; readonly port: number },
  closing: () => void,
): Promise<Omit<Listener, "renew">> {
  const { host: hostname, port } = where;
  return new Promise((resolve, reject) => {
    // Once it listens, errors are those of single attempts to come in, which come to nothing by themselves.
    server.on("error", (error) => reject(listenError(error, { hostname, port })));
    server.on("listening", () => {
      const { address, port } = server.address() as { address: string; port: number };
      resolve({
        hostname: address,
        port,
        close() {
          closing();
          // Its callback would wait for the open streams, too.
          server.close();
          return Promise.resolve();
        },
      });
    });
    try {
      server.listen(where);
    } catch (error) {
      reject(listenError(error, { hostname, port }));
    }
  });
}
