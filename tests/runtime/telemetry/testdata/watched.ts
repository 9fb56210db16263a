// A service and its client, watched by whatever is registered with OpenTelemetry's API.
import * as api from "@opentelemetry/api";
import { connect, openTelemetry, parse, serve } from "../../../../mod.ts";
import { memoryNetwork } from "../../../../runtime/transport/memory.ts";

const LAB = parse(`
  Note < id: int >
  Ask < id: int >
  Answer < id: int >
  service Lab/Watched { auth all  receives Note  receives Ask -> Answer }
`);
const network = memoryNetwork();
const telemetry = openTelemetry(api);
await using server = await serve(LAB, {
  cert: "",
  key: "",
  network,
  telemetry,
  messages: { Note: () => {}, Ask: ({ id }) => ({ id }) },
});
await using client = await connect(server.url, { network, telemetry });
await api.trace.getTracer("test").startActiveSpan("work", async (work) => {
  await client.request("Ask", { id: 1 });
  await client.send("Note", { id: 2 }, { acknowledge: true });
  work.end();
});
