import { nativeNetwork } from "../../../runtime/transport/runtime.ts";
import { transportCases } from "./cases.ts";
import type { Subject } from "./subject.ts";

const SUBJECTS: Record<string, Omit<Subject, "network" | "tls">> = {
  Deno: { name: "Deno", lacks: { droppingSilentPeers: true, proxies: true } },
  Bun: { name: "Bun", lacks: {} },
};
const [runtime = "Node"] = Object.keys(SUBJECTS).filter((name) => name in globalThis);

transportCases({ name: runtime, lacks: {}, ...SUBJECTS[runtime], network: nativeNetwork(), tls: true });
