import { memoryNetwork } from "../../mod.ts";
import { nodeNetwork } from "../../runtime/transport/node.ts";
import { nativeNetwork } from "../../runtime/transport/runtime.ts";
import { serviceCases } from "./cases.ts";

serviceCases("in memory", memoryNetwork);
serviceCases("in memory, byte by byte", () => memoryNetwork({ chunkSize: 1 }));
serviceCases("the runtime's own TLS", nativeNetwork);
serviceCases("node:tls", nodeNetwork);
