/**
 * A client that tries to pass for another: `intruder.ts PORT OWN VICTIM`, where both are certificates with keys in one file. Of
 * the victim's, it uses the key to begin with, to have a TLS session; then only the certificate. It runs on Node, as
 * the TLS of the others refuses to lie. It says what came of each attempt: `let in`, with `(resumed)` behind it if its
 * TLS session was, or `refused`.
 */

import { Buffer } from "node:buffer";
import { createPrivateKey, generateKeyPairSync, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import process from "node:process";
import { connect, type ConnectionOptions, type SecureVersion } from "node:tls";

const [port = "", own = "", victim = ""] = process.argv.slice(2);
const [mine, theirs] = [own, victim].map((file) => readFileSync(file, "utf8")) as [string, string];

/** A key that says that it belongs to a certificate, and is another. */
function forged(pem: string): string {
  const { x, y } = new X509Certificate(pem).publicKey.export({ format: "jwk" });
  const { d } = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" });
  const bytes = (text: string | undefined) => Buffer.from(text!, "base64url");
  // An ECPrivateKey (RFC 5915): OpenSSL takes the public key that it names for the truth.
  const point = Buffer.concat([Buffer.from([0, 4]), bytes(x), bytes(y)]);
  const curve = Buffer.from("06082a8648ce3d030107", "hex");
  const der = [tlv(2, Buffer.from([1])), tlv(4, bytes(d)), tlv(0xa0, curve), tlv(0xa1, tlv(3, point))];
  return createPrivateKey({ key: tlv(0x30, Buffer.concat(der)), format: "der", type: "sec1" })
    .export({ format: "pem", type: "pkcs8" }).toString();
}

function tlv(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag, content.length]), content]);
}

async function attempt(what: string, options: ConnectionOptions): Promise<Buffer | undefined> {
  const socket = connect({ ...options, host: "127.0.0.1", port: Number(port), rejectUnauthorized: false });
  let session: Buffer | undefined;
  socket.on("session", (given) => session = given);
  const outcome = await new Promise<string>((resolve) => {
    // Only then is it sure that the service has taken what it was shown.
    socket.on("data", () => resolve(`let in${socket.isSessionReused() ? " (resumed)" : ""}`));
    socket.on("error", () => resolve("refused"));
    socket.on("close", () => resolve("refused"));
  });
  socket.destroy();
  console.log(`${options.minVersion} ${what}: ${outcome}`);
  return session;
}

for (const version of ["TLSv1.2", "TLSv1.3"] satisfies SecureVersion[]) {
  const versions = { minVersion: version, maxVersion: version } as const;
  const session = await attempt("victim", { ...versions, cert: theirs, key: theirs });
  await attempt("forged", { ...versions, cert: theirs, key: forged(theirs) });
  const resumed = { ...versions, ...(session !== undefined && { session }) };
  await attempt("victim again", { ...resumed, cert: theirs, key: theirs });
  await attempt("nobody", resumed);
  await attempt("own", { ...resumed, cert: mine, key: mine });
}
