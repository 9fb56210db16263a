/**
 * What is measured. Names stand in the JSON file; those that end in a number have that many connections, messages,
 * clients or processes.
 *
 * @module
 */

/** A metric. */
export interface Metric {
  /** As it stands in the results; for a family, what its names begin with. */
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly better: "more" | "less";
}

const ROUND_TRIPS = "round trips per second";
const PUSHED = "messages per second, from the service to one client";
const CPU = "processor time of service and client per round trip";

/** All metrics. */
export const METRICS: readonly Metric[] = [
  { name: "roundtrips-per-second", title: `${ROUND_TRIPS}, 1024 in flight`, unit: "1/s", better: "more" },
  {
    name: "roundtrips-per-second-record",
    title: `${ROUND_TRIPS}, ten fields, 1024 in flight`,
    unit: "1/s",
    better: "more",
  },
  { name: "roundtrips-per-second-bytes", title: `${ROUND_TRIPS}, 64 KiB, 16 in flight`, unit: "1/s", better: "more" },
  { name: "pushed-per-second", title: PUSHED, unit: "1/s", better: "more" },
  { name: "pushed-per-second-record", title: `${PUSHED}, ten fields`, unit: "1/s", better: "more" },
  { name: "pushed-per-second-bytes", title: `${PUSHED}, 64 KiB`, unit: "1/s", better: "more" },
  { name: "round-trip", title: "one round trip at a time", unit: "µs", better: "less" },
  { name: "cpu-per-round-trip", title: `${CPU}, 1024 in flight`, unit: "µs", better: "less" },
  { name: "cpu-64x1", title: `${CPU}, 64 connections, 1 in flight on each`, unit: "µs", better: "less" },
  { name: "cpu-1x8", title: `${CPU}, 8 in flight`, unit: "µs", better: "less" },
  { name: "cpu-1x64", title: `${CPU}, 64 in flight`, unit: "µs", better: "less" },
  { name: "rate-64x1", title: `${ROUND_TRIPS}, 64 connections, 1 in flight on each`, unit: "1/s", better: "more" },
  { name: "rate-1x8", title: `${ROUND_TRIPS}, 8 in flight`, unit: "1/s", better: "more" },
  { name: "rate-1x64", title: `${ROUND_TRIPS}, 64 in flight`, unit: "1/s", better: "more" },
  { name: "connect", title: "connect, until the first answer", unit: "ms", better: "less" },
  {
    name: "first-answer",
    title: "connect, until the first answer, on each pair (client>service)",
    unit: "ms",
    better: "less",
  },
  {
    name: "stall",
    title: "longest wait for what should come at once, on each pair (client>service)",
    unit: "ms",
    better: "less",
  },
  { name: "idle-memory", title: "resident memory of the service per idle connection", unit: "KiB", better: "less" },
  { name: "broadcast", title: "one message to all clients, until the last has it", unit: "ms", better: "less" },
  { name: "told-per-second", title: "messages per second from so many clients together", unit: "1/s", better: "more" },
  {
    name: "shared-port",
    title:
      `${ROUND_TRIPS} of handlers that work, by so many processes on one port, 64 connections, 4 in flight on each`,
    unit: "1/s",
    better: "more",
  },
  { name: "encode-ping", title: "time to write a message of one number", unit: "ns", better: "less" },
  { name: "decode-ping", title: "time to read a message of one number", unit: "ns", better: "less" },
  { name: "encode-record", title: "time to write a message of ten fields", unit: "ns", better: "less" },
  { name: "decode-record", title: "time to read a message of ten fields", unit: "ns", better: "less" },
  { name: "bytes-ping", title: "length of a message of one number", unit: "B", better: "less" },
  { name: "bytes-record", title: "length of a message of ten fields", unit: "B", better: "less" },
  { name: "compile", title: "time to check and compile per message, of so many", unit: "µs", better: "less" },
  { name: "allocated-service", title: "allocated by the service per round trip", unit: "B", better: "less" },
  { name: "allocated-client", title: "allocated by the client per round trip", unit: "B", better: "less" },
];

/** Finds a metric by its name, or by that of one of its family. */
export function metricNamed(name: string): Metric | undefined {
  return METRICS.find((metric) => metric.name === name) ?? METRICS.find((metric) => metric.name === familyOf(name));
}

/** A metric's unit. */
export function unitOf(name: string): string {
  return metricNamed(name)?.unit ?? "";
}

/** A name without the number at its end. */
export function familyOf(name: string): string {
  return name.replace(/-\d+$/, "");
}
