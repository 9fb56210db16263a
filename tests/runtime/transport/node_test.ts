import { nodeNetwork } from "../../../runtime/transport/node.ts";
import { transportCases } from "./cases.ts";

transportCases({
  name: "node:tls",
  network: nodeNetwork(),
  tls: true,
  lacks: {
    ..."Deno" in globalThis && { proxies: true },
    ..."Bun" in globalThis && { keyUsage: "Bun does not serve such a certificate" },
  },
});
