/** Connects to a service that it must not trust, in each way that this runtime has, and prints what came of it. */

import { developmentCertificate } from "../../../../compiler/certificate.ts";
import { nodeNetwork } from "../../../../runtime/transport/node.ts";
import { nativeNetwork } from "../../../../runtime/transport/runtime.ts";

const [service, other] = await Promise.all([developmentCertificate({ names: ["127.0.0.1"] }), developmentCertificate()]);
const events = { data() {}, closed() {} };

for (const network of [nativeNetwork(), nodeNetwork()]) {
  const { cert, key } = service;
  const hostname = "127.0.0.1";
  const listener = await network.listen(
    { hostname, port: 0, cert, key, alpn: [], handshakeTimeout: 10_000 },
    () => events,
  );
  const { port } = listener;
  for (const to of [{ hostname }, { hostname, ca: other.ca }, { hostname: "localhost", ca: service.ca }]) {
    await network.connect({ port, alpn: [], ...to }, events).then(
      (stream) => {
        console.log("connected");
        stream.destroy();
      },
      (error) => console.log(error.code),
    );
  }
  await listener.close();
}
