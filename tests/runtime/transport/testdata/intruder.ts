/**
 * A client that tries to pass for another: `intruder.ts PORT OWN VICTIM FORGED` are certificates, each in one file with
 * its key, and a forged key. It begins as the victim, to have a TLS session of its. It says what came of each attempt:
 * `refused`, or `let in`, with `(resumed)` or `(renegotiated)` behind it if its TLS session was. It runs on Node, as
 * the TLS of the others refuses to lie.
 */

import type { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import process from "node:process";
import { connect, type ConnectionOptions, type SecureVersion } from "node:tls";

const [port = "", ...files] = process.argv.slice(2);
const [own = "", victim = "", forged = ""] = files.map((file) => readFileSync(file, "utf8"));

async function attempt(what: string, options: ConnectionOptions): Promise<Buffer | undefined> {
  const socket = connect({ ...options, host: "127.0.0.1", port: Number(port), rejectUnauthorized: false });
  let session: Buffer | undefined;
  socket.on("session", (given) => session = given);
  const outcome = await new Promise<string>((resolve) => {
    // Only then is it sure that the service has taken what it was shown.
    socket.on("data", () => {
      if (what !== "renegotiating") return resolve(`let in${socket.isSessionReused() ? " (resumed)" : ""}`);
      socket.on("error", () => resolve("let in"));
      socket.renegotiate({}, (error) => resolve(error === null ? "let in (renegotiated)" : "let in"));
    });
    socket.on("error", () => what === "renegotiating" || resolve("refused"));
    socket.on("close", () => resolve("refused"));
  });
  socket.destroy();
  console.log(`${options.minVersion} ${what}: ${outcome}`);
  return session;
}

for (const version of ["TLSv1.2", "TLSv1.3"] satisfies SecureVersion[]) {
  const versions = { minVersion: version, maxVersion: version } as const;
  const session = await attempt("victim", { ...versions, cert: victim, key: victim });
  // Only before TLS 1.3 may who speaks change in the middle.
  if (version === "TLSv1.2") await attempt("renegotiating", { ...versions, cert: victim, key: victim });
  await attempt("forged", { ...versions, cert: victim, key: forged });
  const resumed = { ...versions, ...(session !== undefined && { session }) };
  await attempt("victim again", { ...resumed, cert: victim, key: victim });
  await attempt("nobody", resumed);
  await attempt("own", { ...resumed, cert: own, key: own });
}
