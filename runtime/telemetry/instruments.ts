/**
 * What is measured, by names and units of OpenTelemetry's semantic conventions where they have one:
 * https://opentelemetry.io/docs/specs/semconv/rpc/rpc-metrics/ and .../messaging/messaging-metrics/.
 *
 * @module
 */

import type { OpenTelemetryCounter, OpenTelemetryHistogram, OpenTelemetryMeter } from "./open_telemetry_api.ts";

/** Bounds of the buckets that the conventions ask for, in seconds. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** One of each. Times are in seconds. */
export interface Instruments {
  /** Lines that are there. */
  readonly connections: OpenTelemetryCounter;
  /** Bytes over lines. */
  readonly io: OpenTelemetryCounter;
  /** Sessions that are there. */
  readonly sessions: OpenTelemetryCounter;
  /** How long sessions were there. */
  readonly sessionDuration: OpenTelemetryHistogram;
  /** Sessions that went on over another line. */
  readonly resumptions: OpenTelemetryCounter;
  /** Messages sent. */
  readonly sent: OpenTelemetryCounter;
  /** Messages that had their turn. */
  readonly consumed: OpenTelemetryCounter;
  /** How long messages took to be handled. */
  readonly process: OpenTelemetryHistogram;
  /** How long the peer's requests took to be answered, since their turn. */
  readonly serverCall: OpenTelemetryHistogram;
  /** How long the peer took to answer requests. */
  readonly clientCall: OpenTelemetryHistogram;
  /** How long what was sent waited until it might go. */
  readonly windowWait: OpenTelemetryHistogram;
}

/** Makes them. */
export function createInstruments(meter: OpenTelemetryMeter): Instruments {
  const time = (name: string, description: string): OpenTelemetryHistogram =>
    meter.createHistogram(name, {
      description,
      unit: "s",
      advice: { explicitBucketBoundaries: [...SECONDS] },
    });
  const count = (name: string, unit: string, description: string): OpenTelemetryCounter =>
    meter.createCounter(name, { description, unit });
  return {
    connections: meter.createUpDownCounter("holdfast.connections", {
      description: "Connections that are open.",
      unit: "{connection}",
    }),
    io: count("holdfast.io", "By", "Bytes over connections, as Holdfast gives them to TLS and gets them from it."),
    sessions: meter.createUpDownCounter("holdfast.sessions", {
      description: "Sessions that have begun and not ended.",
      unit: "{session}",
    }),
    sessionDuration: meter.createHistogram("holdfast.session.duration", {
      description: "How long sessions lasted that have ended.",
      unit: "s",
      advice: { explicitBucketBoundaries: [0.1, 1, 10, 60, 600, 3_600, 21_600, 86_400, 604_800] },
    }),
    resumptions: count("holdfast.resumptions", "{resumption}", "Sessions that went on over another connection."),
    sent: count("messaging.client.sent.messages", "{message}", "Messages that were sent."),
    consumed: count("messaging.client.consumed.messages", "{message}", "Messages whose handlers have begun."),
    process: time("messaging.process.duration", "How long messages took to be handled."),
    serverCall: time("rpc.server.call.duration", "How long requests took to be handled."),
    clientCall: time("rpc.client.call.duration", "How long requests took to be answered."),
    windowWait: time("holdfast.window.wait.duration", "How long messages and requests waited until they might go."),
  };
}
