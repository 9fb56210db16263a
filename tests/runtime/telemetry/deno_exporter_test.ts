import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { promisify } from "node:util";
import { DENO, ROOT } from "../../runtimes.ts";

const PROGRAM = join(ROOT, "tests/runtime/telemetry/testdata/watched.ts");

/** What stands in OTLP's JSON, as far as this test looks. */
interface Exported {
  readonly resourceSpans?: readonly { readonly scopeSpans: readonly { readonly spans: readonly Span[] }[] }[];
  readonly resourceMetrics?: readonly {
    readonly scopeMetrics: readonly { readonly metrics: readonly { readonly name: string; readonly unit: string }[] }[];
  }[];
}

interface Span {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
}

/** Runs the program on a Deno that exports to a collector here. */
async function exported(): Promise<{ spans: Span[]; units: Map<string, string> }> {
  const spans: Span[] = [];
  const units = new Map<string, string>();
  const collector = createServer(async (request, response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { resourceMetrics, resourceSpans }: Exported = JSON.parse(Buffer.concat(chunks).toString());
    spans.push(...(resourceSpans ?? []).flatMap(({ scopeSpans }) => scopeSpans).flatMap(({ spans }) => spans));
    const metrics = (resourceMetrics ?? []).flatMap(({ scopeMetrics }) => scopeMetrics);
    for (const { name, unit } of metrics.flatMap(({ metrics }) => metrics)) units.set(name, unit);
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  await once(collector.listen(0, "127.0.0.1"), "listening");
  try {
    const env = {
      ...process.env,
      OTEL_DENO: "true",
      OTEL_DENO_CONSOLE: "ignore",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    };
    await promisify(execFile)(DENO!, ["run", "-A", "--no-check", "--quiet", PROGRAM], {
      cwd: ROOT,
      env,
      timeout: 60_000,
    });
  } finally {
    collector.closeAllConnections();
    collector.close();
  }
  return { spans, units };
}

test("openTelemetry: Deno's own exporter shows both sides of a trace, and what was measured", {
  skip: DENO === undefined && "there is no Deno",
}, async () => {
  const { spans, units } = await exported();
  const find = (name: string, kind: number): Span => {
    const found = spans.filter((span) => span.name === name && span.kind === kind);
    assert.equal(found.length, 1, `${name}: ${JSON.stringify(spans)}`);
    return found[0]!;
  };
  // OTLP counts the kinds from 1: internal, server, client, producer, consumer.
  const work = find("work", 1);
  const asked = find("Lab/Watched/Ask", 3);
  const answered = find("Lab/Watched/Ask", 2);
  const processed = find("process Lab/Watched/Note", 5);
  assert.equal(asked.parentSpanId, work.spanId);
  assert.equal(answered.parentSpanId, asked.spanId);
  assert.equal(processed.parentSpanId, work.spanId);
  assert.equal(answered.traceId, work.traceId);
  assert.equal(units.get("holdfast.connections"), "{connection}");
  assert.equal(units.get("holdfast.sessions"), "{session}");
  assert.equal(units.get("holdfast.io"), "By");
  assert.equal(units.get("rpc.server.call.duration"), "s");
  assert.equal(units.get("messaging.process.duration"), "s");
});
