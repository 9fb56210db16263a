import { memoryNetwork } from "../../../runtime/transport/memory.ts";
import { transportCases } from "./cases.ts";

transportCases({ name: "memory", network: memoryNetwork(), tls: false, lacks: {} });
transportCases({
  name: "memory, 1021 bytes at once",
  network: memoryNetwork({ chunkSize: 1021 }),
  tls: false,
  lacks: {},
});
