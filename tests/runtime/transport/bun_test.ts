import { bunNetwork } from "../../../runtime/transport/bun.ts";
import { transportCases } from "./cases.ts";

if ("Bun" in globalThis) transportCases({ name: "Bun", network: bunNetwork(), tls: true, lacks: {} });
