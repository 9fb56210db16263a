/**
 * Bebop. Its compiler is a program of its own: this does what its output for these messages does (version 3.2.3), the
 * objects with an `encode` of their own that its `decode` makes included.
 *
 * @module
 */

import { BebopView } from "bebop";
import { Buffer } from "node:buffer";
import type { Candidate, Task } from "./candidate.ts";
import { JOB, type Job, PING, type Ping } from "./subject.ts";

/** Its enums are numbers, its maps `Map`s. */
type BebopJob = Omit<Job, "state" | "labels"> & { readonly state: number; readonly labels: Map<string, string> };

/** What Bebop's compiler makes of a type. */
interface Made<T> {
  readonly encodeInto: (value: T, view: BebopView) => void;
  readonly readFrom: (view: BebopView) => T;
}

const STATES = ["waiting", "running", "done", "failed"];

const ping: Made<Ping> = {
  encodeInto(value, view) {
    view.writeInt32(value.id);
  },
  readFrom(view) {
    const id = view.readInt32();
    return { id };
  },
};

const place: Made<Job["where"]> = {
  encodeInto(value, view) {
    const at = view.reserveMessageLength();
    const start = view.length;
    view.writeByte(1);
    view.writeString(value.host);
    if (value.slot !== undefined) {
      view.writeByte(2);
      view.writeInt32(value.slot);
    }
    view.writeByte(0);
    view.fillMessageLength(at, view.length - start);
  },
  readFrom(view) {
    const value: { host?: string; slot?: number } = {};
    const end = view.readMessageLength() + view.index;
    for (;;) {
      switch (view.readByte()) {
        case 0:
          return value as Job["where"];
        case 1:
          value.host = view.readString();
          break;
        case 2:
          value.slot = view.readInt32();
          break;
        default:
          view.index = end;
          return value as Job["where"];
      }
    }
  },
};

const job: Made<BebopJob> = {
  encodeInto(value, view) {
    view.writeInt32(value.id);
    view.writeString(value.owner);
    view.writeString(value.title);
    view.writeFloat64(value.priority);
    view.writeUint32(value.state);
    view.writeUint32(value.sites.length);
    for (const site of value.sites) view.writeString(site);
    place.encodeInto(value.where, view);
    view.writeUint32(value.labels.size);
    for (const [name, label] of value.labels) {
      view.writeString(name);
      view.writeString(label);
    }
    view.writeDate(value.submitted);
    view.writeBytes(value.input);
  },
  readFrom(view) {
    const id = view.readInt32();
    const owner = view.readString();
    const title = view.readString();
    const priority = view.readFloat64();
    const state = view.readUint32();
    const sites: string[] = [];
    const siteCount = view.readUint32();
    for (let i = 0; i < siteCount; i++) sites[i] = view.readString();
    const where = place.readFrom(view);
    const labels = new Map<string, string>();
    const labelCount = view.readUint32();
    for (let i = 0; i < labelCount; i++) {
      const name = view.readString();
      labels.set(name, view.readString());
    }
    const submitted = view.readDate();
    const input = view.readBytes();
    return { id, owner, title, priority, state, sites, where, labels, submitted, input };
  },
};

function task<T extends object>(made: Made<T>, value: T, arrives: (got: T) => unknown): Task {
  const view = BebopView.getInstance();
  const encode = (value: T): Uint8Array => {
    view.startWriting();
    made.encodeInto(value, view);
    return view.toArray();
  };
  const bytes = Buffer.from(encode(value));
  const decode = (): T => {
    view.startReading(bytes);
    const got = made.readFrom(view);
    return Object.freeze({ ...got, encode: () => encode(got) });
  };
  return { encode: () => encode(value), decode, arrives: () => arrives(decode()), bytes: bytes.length };
}

/** Makes the candidate. */
export function bebop(): Candidate {
  const written = { ...JOB, state: STATES.indexOf(JOB.state), labels: new Map(Object.entries(JOB.labels)) };
  return {
    name: "bebop",
    ping: task(ping, PING, ({ id }) => ({ id })),
    record: task(job, written, ({ state, labels, id, owner, title, priority, sites, where, submitted, input }) => ({
      ...{ id, owner, title, priority, sites, where, submitted, input },
      state: STATES[state],
      labels: Object.fromEntries(labels),
    })),
  };
}
