import { denoNetwork } from "../../../runtime/transport/deno.ts";
import { transportCases } from "./cases.ts";

if ("Deno" in globalThis) {
  transportCases({ name: "Deno", network: denoNetwork(), tls: true, lacks: { droppingSilentPeers: true } });
}
