/**
 * What is written and read: a ping, and a record of ten fields.
 *
 * @module
 */

import type { Shape } from "../../idl/definition.ts";

/** The shape of the service whose messages they are. */
export const SHAPE: Shape = {
  service: "Bench/Codec",
  connect: { type: "record", fields: [] },
  messages: [{ name: "Ping", number: 0, receives: {} }, { name: "Job", number: 1, receives: {} }],
  types: {
    Ping: { type: "record", fields: [{ name: "id", type: { type: "int" } }] },
    Job: {
      type: "record",
      fields: [
        { name: "id", type: { type: "int" } },
        { name: "owner", type: { type: "string" } },
        { name: "title", type: { type: "string" } },
        { name: "priority", type: { type: "float" } },
        { name: "state", type: { type: "ref", name: "State" } },
        { name: "sites", type: { type: "list", items: { type: "string" } } },
        { name: "where", type: { type: "ref", name: "Place" } },
        { name: "labels", type: { type: "map", values: { type: "string" } } },
        { name: "submitted", type: { type: "timestamp" } },
        { name: "input", type: { type: "bytes" } },
      ],
    },
    Place: {
      type: "record",
      fields: [{ name: "host", type: { type: "string" } }, { name: "slot", type: { type: "int" }, optional: true }],
    },
    State: { type: "enum", values: ["waiting", "running", "done", "failed"] },
  },
};

/** A ping. */
export interface Ping {
  readonly id: number;
}

/** A job, as an application has it. */
export interface Job {
  readonly id: number;
  readonly owner: string;
  readonly title: string;
  readonly priority: number;
  readonly state: string;
  readonly sites: readonly string[];
  readonly where: { readonly host: string; readonly slot?: number };
  readonly labels: { readonly [name: string]: string };
  readonly submitted: Date;
  readonly input: Uint8Array;
}

/** The ping that all candidates write and read. */
export const PING: Ping = { id: 123456 };

/** The job that all candidates write and read. */
export const JOB: Job = {
  id: 987654321,
  owner: "/DC=org/DC=example/CN=Somebody",
  title: "Monte Carlo production, 2026, reprocessing 12, stream B",
  priority: 0.75,
  state: "running",
  sites: ["LCG.CERN.cern", "LCG.CNAF.it", "LCG.GRIDKA.de", "LCG.RAL.uk"],
  where: { host: "node-0042.cluster.example.org", slot: 17 },
  labels: { campaign: "2026-11", owner: "production", queue: "long" },
  submitted: new Date(1_800_000_000_000),
  input: new Uint8Array(256).map((_, place) => place),
};
