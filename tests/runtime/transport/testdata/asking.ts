/**
 * A service that asks for certificates, on each network that this runtime has: `asking.ts CERT KEY`; or does not ask:
 * `asking.ts CERT KEY not`. Of each client that gets in it says what it has shown: the certificates' fingerprints.
 */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import process from "node:process";
import { nodeNetwork } from "../../../../runtime/transport/node.ts";
import { nativeNetwork } from "../../../../runtime/transport/runtime.ts";

const [cert = "", key = ""] = process.argv.slice(2, 4).map((file) => readFileSync(file, "utf8"));
const clientCertificates = process.argv[4] !== "not";
const options = { hostname: "127.0.0.1", port: 0, cert, key, alpn: [], handshakeTimeout: 10_000 };

const native = nativeNetwork();

for (const network of [native, nodeNetwork()]) {
  const listener = await network.listen({ ...options, clientCertificates }, (stream) => {
    const shown = stream.certificates.map((der) => createHash("sha256").update(der).digest("hex").slice(0, 16));
    console.log(`IN ${shown.join(" ")}`);
    stream.write(new Uint8Array([1]));
    return { data() {}, closed() {} };
  });
  // Half of them with a certificate that was renewed: what a listener was told before must hold all the same.
  if (clientCertificates && network !== native) listener.renew({ cert, key });
  console.log(`LISTENING ${listener.port}`);
}
