/**
 * The peers, each by its own means: prepared once, with the value in the form that suits it best, and what it reads in a
 * `Buffer` of its own. For those that know no dates a number is written and read, and the application's work of turning
 * one into the other is not counted. JSON's work of turning bytes into text is: without it, they would not arrive.
 *
 * @module
 */

import avsc from "avsc";
import { Packr } from "msgpackr";
import { Buffer } from "node:buffer";
import protobuf from "protobufjs";
import { bebop } from "./bebop.ts";
import type { Candidate, Task } from "./candidate.ts";
import { JOB, type Job, PING } from "./subject.ts";

/** A task of functions that give bytes and take them. */
function task(
  encode: () => Uint8Array,
  decode: (bytes: Buffer) => unknown,
  arrives = (got: unknown) => got,
): Task {
  const bytes = Buffer.from(encode());
  return { encode, decode: () => decode(bytes), arrives: () => arrives(decode(bytes)), bytes: bytes.length };
}

function json(): Candidate {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const job = { ...JOB, input: "" };
  const write = (value: unknown) => encoder.encode(JSON.stringify(value));
  const read = (bytes: Uint8Array) => JSON.parse(decoder.decode(bytes));
  return {
    name: "JSON",
    ping: task(() => write(PING), read),
    record: task(
      () => {
        job.input = base64(JOB.input);
        return write(job);
      },
      (bytes) => {
        const got = read(bytes);
        got.submitted = new Date(got.submitted);
        got.input = Buffer.from(got.input, "base64");
        return got;
      },
    ),
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

function msgpackr(): Candidate {
  // Shared structures: the names of fields are not sent with every record.
  const packr = new Packr({ structures: [] });
  // Twice, since a structure travels with its first record.
  for (const value of [PING, JOB, PING, JOB]) packr.unpack(packr.pack(value));
  return {
    name: "msgpackr",
    ping: task(() => packr.pack(PING), (bytes) => packr.unpack(bytes)),
    record: task(() => packr.pack(JOB), (bytes) => packr.unpack(bytes)),
  };
}

const PROTO = `
  syntax = "proto3";
  message Ping { int32 id = 1; }
  enum State { waiting = 0; running = 1; done = 2; failed = 3; }
  message Place { string host = 1; optional int32 slot = 2; }
  message Job {
    int32 id = 1;
    string owner = 2;
    string title = 3;
    double priority = 4;
    State state = 5;
    repeated string sites = 6;
    Place where = 7;
    map<string, string> labels = 8;
    double submitted = 9;
    bytes input = 10;
  }`;

function protobufjs(): Candidate {
  const { root } = protobuf.parse(PROTO);
  const ping = root.lookupType("Ping");
  const job = root.lookupType("Job");
  const state = root.lookupEnum("State");
  const message = ping.create({ ...PING });
  const written = job.create({ ...JOB, state: state.values[JOB.state], submitted: JOB.submitted.getTime() });
  return {
    name: "protobufjs",
    ping: task(() => ping.encode(message).finish(), (bytes) => ping.decode(bytes), plain),
    record: task(() => job.encode(written).finish(), (bytes) => job.decode(bytes), (got) => {
      const read = got as Omit<Job, "state" | "submitted"> & { state: number; submitted: number };
      return { ...plain(read), state: state.valuesById[read.state], submitted: new Date(read.submitted) };
    }),
  };
}

function avro(): Candidate {
  const ping = avsc.Type.forSchema({ type: "record", name: "Ping", fields: [{ name: "id", type: "int" }] });
  const job = avsc.Type.forSchema({
    type: "record",
    name: "Job",
    fields: [
      { name: "id", type: "int" },
      { name: "owner", type: "string" },
      { name: "title", type: "string" },
      { name: "priority", type: "double" },
      { name: "state", type: { type: "enum", name: "State", symbols: ["waiting", "running", "done", "failed"] } },
      { name: "sites", type: { type: "array", items: "string" } },
      {
        name: "where",
        type: {
          type: "record",
          name: "Place",
          fields: [{ name: "host", type: "string" }, { name: "slot", type: ["null", "int"], default: null }],
        },
      },
      { name: "labels", type: { type: "map", values: "string" } },
      { name: "submitted", type: "long" },
      { name: "input", type: "bytes" },
    ],
  }, { wrapUnions: false });
  const written = { ...JOB, submitted: JOB.submitted.getTime(), input: Buffer.from(JOB.input) };
  return {
    name: "avsc",
    ping: task(() => ping.toBuffer(PING), (bytes) => ping.fromBuffer(bytes), plain),
    record: task(
      () => job.toBuffer(written),
      (bytes) => job.fromBuffer(bytes),
      (got) => ({ ...plain(got), submitted: new Date((got as { submitted: number }).submitted) }),
    ),
  };
}

/** Without classes, which are a peer's own. */
function plain(got: unknown): object {
  return { ...got as object };
}

/** Makes all of them. */
export function peers(): Candidate[] {
  return [json(), msgpackr(), protobufjs(), avro(), bebop()];
}
