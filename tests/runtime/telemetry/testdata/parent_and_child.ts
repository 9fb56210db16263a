// A request within a span, and the spans that it leads to: each is printed with its parent's place among them.
import * as api from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { connect, parse, serve } from "../../../../mod.ts";
import { memoryNetwork } from "../../../../runtime/transport/memory.ts";
import { kit } from "../kit.ts";

const LAB = parse(`
  Ask < id: int >
  Answer < id: int >
  service Lab/Family { auth all  receives Ask -> Answer }
`);
api.context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
const network = memoryNetwork();
const { spans, telemetry, tracer } = kit();
const server = await serve(LAB, { cert: "", key: "", network, telemetry, messages: { Ask: ({ id }) => ({ id }) } });
const client = await connect(server.url, { network, telemetry });
await tracer.startActiveSpan("work", async (work) => {
  await client.request("Ask", { id: 1 });
  work.end();
});
await client.close();
await server.close();
const ids = spans().map((span) => span.spanContext().spanId);
for (const { kind, name, parentSpanContext } of spans()) {
  console.log(`${api.SpanKind[kind]} ${name}, child of ${ids.indexOf(parentSpanContext?.spanId ?? "")}`);
}
