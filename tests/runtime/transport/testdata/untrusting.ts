/** Connects to services that it must not trust, in each way that this runtime has, and prints what came of it. */

import { nodeNetwork } from "../../../../runtime/transport/node.ts";
import { nativeNetwork } from "../../../../runtime/transport/runtime.ts";
import { UNTRUSTED } from "../certificates.ts";

const events = { data() {}, closed() {} };

for (const [what, make] of UNTRUSTED) {
  const { cert, key, ...to } = await make();
  for (const network of [nativeNetwork(), nodeNetwork()]) {
    const at = { hostname: "127.0.0.1", port: 0, cert, key, alpn: [], handshakeTimeout: 10_000 };
    const listener = await network.listen(at, () => events);
    await network.connect({ hostname: "localhost", port: listener.port, alpn: [], ...to }, events).then(
      (stream) => {
        console.log(`${what}: connected`);
        stream.destroy();
      },
      (error) => console.log(`${what}: ${error.code}`),
    );
    await listener.close();
  }
}
