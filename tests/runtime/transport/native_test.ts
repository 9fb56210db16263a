import { nativeNetwork } from "../../../runtime/transport/runtime.ts";
import { transportCases } from "./cases.ts";
import type { Subject } from "./subject.ts";

const SUBJECTS: Record<string, Omit<Subject, "network" | "tls">> = {
  Deno: {
    name: "Deno",
    lacks: { droppingSilentPeers: true, keyUsage: "Deno's own TLS does not look at it", proxies: true },
  },
  Bun: { name: "Bun", lacks: { keyUsage: "Bun does not serve such a certificate" } },
};
const [runtime = "Node"] = Object.keys(SUBJECTS).filter((name) => name in globalThis);

transportCases({ name: runtime, lacks: {}, ...SUBJECTS[runtime], network: nativeNetwork(), tls: true });
