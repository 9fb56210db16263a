/**
 * A client that comes back with the TLS session that it had, with each version of TLS: `resuming.ts PORT`. It says whether
 * the service went on with it. It runs on Node, whose TLS tells.
 */

import type { Buffer } from "node:buffer";
import { once } from "node:events";
import process from "node:process";
import { connect, type SecureVersion } from "node:tls";

const port = Number(process.argv[2]);

/** Connects; gives back the session, and whether it is the one that it began with. */
async function open(version: SecureVersion, session?: Buffer): Promise<{ session: Buffer | undefined; again: boolean }> {
  const versions = { minVersion: version, maxVersion: version };
  const socket = connect({ ...versions, host: "127.0.0.1", port, rejectUnauthorized: false, ...(session && { session }) });
  let given: Buffer | undefined;
  socket.on("session", (one) => given = one);
  // What says that there is a session comes before that.
  await once(socket, "data");
  const again = socket.isSessionReused();
  socket.destroy();
  return { session: given, again };
}

for (const version of ["TLSv1.2", "TLSv1.3"] satisfies SecureVersion[]) {
  const { session } = await open(version);
  const { again } = await open(version, session);
  console.log(`${version}: ${again ? "the same" : "another"}`);
}
