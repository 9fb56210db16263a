// Made from monitor.msg by Holdfast's compiler. Change that file, not this one.
import { defineService, type Definition, Schema } from "./holdfast.ts";

/** What sessions are listed by; those with most of it come first. */
export type SnapshotOrder =
  /** Bytes that wait for the client: slow ones come first. */
  | "waiting"
  /** Frames of which the client has not said that they have arrived. */
  | "unacknowledged"
  /** Bytes per second, both ways. */
  | "rate"
  /** Bytes, both ways, since the session began. */
  | "traffic"
  /** Requests without an answer, both ways. */
  | "requests"
  /** How long the client took to answer a PING. */
  | "roundTrip"
  /** How long nothing has come. */
  | "silence"
  /** How long ago the session began. */
  | "age";

/** The TypeBox schema of {@link SnapshotOrder}. */
export const SnapshotOrder: Schema.Of<SnapshotOrder> = Schema.Enum([
  "waiting",
  "unacknowledged",
  "rate",
  "traffic",
  "requests",
  "roundTrip",
  "silence",
  "age",
]);

/** Asks for snapshots: one at once, but 100 ms after the last at the earliest, and then one every so often. Whoever asks again gets what was asked for last. */
export interface Watch {
  /** How often, in seconds. Who is slower gets fewer: none is taken before the last one was handled. */
  every: number;
  /** How many sessions are listed. */
  limit: number;
  /** Which of them come first. */
  order: SnapshotOrder;
}

/** What a sender gives for {@link Watch}: what has a default may be left out. */
export interface WatchInput {
  /**
   * How often, in seconds. Who is slower gets fewer: none is taken before the last one was handled.
   * @default 2
   */
  every?: number | undefined;
  /**
   * How many sessions are listed.
   * @default 100
   */
  limit?: number | undefined;
  /**
   * Which of them come first.
   * @default "waiting"
   */
  order?: SnapshotOrder | undefined;
}

/** The TypeBox schema of {@link WatchInput}. */
export const Watch: Schema.Of<WatchInput> = Schema.Fields({
  every: Schema.Default(Schema.Float({ min: 0.1, max: 3600 }), 2),
  limit: Schema.Default(Schema.Int({ min: 0, max: 1000 }), 100),
  order: Schema.Default(SnapshotOrder, "waiting"),
});

/** What has gone one way. */
export interface TrafficSnapshot {
  /** Messages, requests and answers. */
  messages: number;
  /** As many bytes as were read from lines or written to them, from WELCOME on. */
  bytes: number;
  /** Messages, requests and answers per second, since the snapshot before; absent if there is none. */
  messageRate?: number | undefined;
  /** Bytes per second, since the snapshot before; absent if there is none. */
  byteRate?: number | undefined;
}

/** The TypeBox schema of {@link TrafficSnapshot}. */
export const TrafficSnapshot: Schema.Of<TrafficSnapshot> = Schema.Fields({
  messages: Schema.Int(),
  bytes: Schema.Int(),
  messageRate: Schema.Optional(Schema.Float()),
  byteRate: Schema.Optional(Schema.Float()),
});

/** A client's session. */
export interface SessionSnapshot {
  /** Names the connection, as long as it lives. */
  transportId: string;
  /** The client's name for itself. */
  identity: string;
  /** Whom its credentials name; empty for an anonymous client. */
  subject: string;
  /** What the registry calls it. */
  name?: string | undefined;
  /** The group that it acts in. */
  group?: string | undefined;
  /** Where it was when the session began. */
  address: string;
  /** What the client speaks. */
  protocol: "holdfast" | "diset";
  /** `connecting`, `open`, `stale`, `resuming`, `resumed`, `draining` or `closed`: as the service's code sees it. */
  state: string;
  /** When the session began. */
  since: Date;
  /** How often it has gone on over another line. */
  resumptions: number;
  /** How long nothing has come from it, in milliseconds. */
  silence: number;
  /** How long it took to answer the last PING, in milliseconds. It is asked while somebody watches; who speaks DISET is not. */
  roundTrip?: number | undefined;
  /** What it was sent. */
  sent: TrafficSnapshot;
  /** What it has sent. */
  received: TrafficSnapshot;
  /** How many bytes it takes before its handlers have begun with them. */
  window: number;
  /** How many of these are taken. */
  windowUsed: number;
  /** Frames sent of which it has not said that they have arrived. */
  unacknowledged: number;
  /** Frames sent of which it has not said that they were handled. */
  unhandled: number;
  /** Frames that wait until they may go. */
  waiting: number;
  /** Bytes of these, and of those that the line has no room for. */
  waitingBytes: number;
  /** Messages that were not sent, but gave way to newer ones. */
  dropped: number;
  /** Bytes held for it: what waits, and what may have to be sent again. */
  held: number;
  /** Handlers that run for it. */
  handlers: number;
  /** Frames that have come from it, and whose handlers have not begun. */
  parked: number;
  /** Bytes of these. */
  parkedBytes: number;
  /** Requests that it was sent and has not answered. */
  requestsSent: number;
  /** Requests of its own that were not answered. */
  requestsReceived: number;
}

/** The TypeBox schema of {@link SessionSnapshot}. */
export const SessionSnapshot: Schema.Of<SessionSnapshot> = Schema.Fields({
  transportId: Schema.Text(),
  identity: Schema.Text(),
  subject: Schema.Text(),
  name: Schema.Optional(Schema.Text()),
  group: Schema.Optional(Schema.Text()),
  address: Schema.Text(),
  protocol: Schema.Union([Schema.Literal("holdfast"), Schema.Literal("diset")]),
  state: Schema.Text(),
  since: Schema.Timestamp(),
  resumptions: Schema.Int(),
  silence: Schema.Float(),
  roundTrip: Schema.Optional(Schema.Float()),
  sent: TrafficSnapshot,
  received: TrafficSnapshot,
  window: Schema.Int(),
  windowUsed: Schema.Int(),
  unacknowledged: Schema.Int(),
  unhandled: Schema.Int(),
  waiting: Schema.Int(),
  waitingBytes: Schema.Int(),
  dropped: Schema.Int(),
  held: Schema.Int(),
  handlers: Schema.Int(),
  parked: Schema.Int(),
  parkedBytes: Schema.Int(),
  requestsSent: Schema.Int(),
  requestsReceived: Schema.Int(),
});

/** A service and its clients at one moment. */
export interface Snapshot {
  /** That moment, by the service's clock. */
  at: Date;
  /** What it is called. */
  service: string;
  /** Since when it has listened. */
  since: Date;
  /** Lines that have not ended, those of watchers among them. */
  lines: number;
  /** Those of them whose client has not been let in. */
  handshakes: number;
  /** Clients that are connected: `onConnect` has let them in, and `onDrop` has not run. */
  connections: number;
  /** Sessions, also those whose client is not let in yet. */
  sessions: number;
  /** Those of them whose line has broken, and whose client may come back. */
  resuming: number;
  /** Those of them for which something waits. */
  slow: number;
  /** Bytes held for all of them. */
  held: number;
  /** How many sessions have begun since the service has listened. */
  begun: number;
  /** How often one has gone on over another line. */
  resumptions: number;
  /** What all sessions have sent, those that have ended, too. */
  sent: TrafficSnapshot;
  /** What all sessions have received, those that have ended, too. */
  received: TrafficSnapshot;
  /** The sessions, in the order that was asked for, and no more than that. */
  clients: SessionSnapshot[];
}

/** The TypeBox schema of {@link Snapshot}. */
export const Snapshot: Schema.Of<Snapshot> = Schema.Fields({
  at: Schema.Timestamp(),
  service: Schema.Text(),
  since: Schema.Timestamp(),
  lines: Schema.Int(),
  handshakes: Schema.Int(),
  connections: Schema.Int(),
  sessions: Schema.Int(),
  resuming: Schema.Int(),
  slow: Schema.Int(),
  held: Schema.Int(),
  begun: Schema.Int(),
  resumptions: Schema.Int(),
  sent: TrafficSnapshot,
  received: TrafficSnapshot,
  clients: Schema.List(SessionSnapshot),
});

/** The types of what Holdfast/Monitor is told and tells. */
export interface MonitorTypes {
  connect: { write: Record<string, never>; read: Record<string, never> };
  receives: {
    Watch: { write: WatchInput; read: Watch };
  };
  sends: {
    Snapshot: { write: Snapshot; read: Snapshot };
  };
}

/** What a service tells of itself and its clients, to whoever its option `monitor` lets in. */
export const Monitor: Definition<MonitorTypes> = defineService({
  shape: {
    service: "Holdfast/Monitor",
    connect: { type: "record", fields: [] },
    messages: [{ name: "Watch", number: 0, receives: {} }, { name: "Snapshot", number: 1, sends: {} }],
    types: {
      Watch: {
        type: "record",
        fields: [
          { name: "every", type: { type: "float", min: 0.1, max: 3600 }, default: 2 },
          { name: "limit", type: { type: "int", min: 0, max: 1000 }, default: 100 },
          { name: "order", type: { type: "ref", name: "SnapshotOrder" }, default: "waiting" },
        ],
      },
      Snapshot: {
        type: "record",
        fields: [
          { name: "at", type: { type: "timestamp" } },
          { name: "service", type: { type: "string" } },
          { name: "since", type: { type: "timestamp" } },
          { name: "lines", type: { type: "int" } },
          { name: "handshakes", type: { type: "int" } },
          { name: "connections", type: { type: "int" } },
          { name: "sessions", type: { type: "int" } },
          { name: "resuming", type: { type: "int" } },
          { name: "slow", type: { type: "int" } },
          { name: "held", type: { type: "int" } },
          { name: "begun", type: { type: "int" } },
          { name: "resumptions", type: { type: "int" } },
          { name: "sent", type: { type: "ref", name: "TrafficSnapshot" } },
          { name: "received", type: { type: "ref", name: "TrafficSnapshot" } },
          { name: "clients", type: { type: "list", items: { type: "ref", name: "SessionSnapshot" } } },
        ],
      },
      SnapshotOrder: {
        type: "enum",
        values: ["waiting", "unacknowledged", "rate", "traffic", "requests", "roundTrip", "silence", "age"],
      },
      TrafficSnapshot: {
        type: "record",
        fields: [
          { name: "messages", type: { type: "int" } },
          { name: "bytes", type: { type: "int" } },
          { name: "messageRate", type: { type: "float" }, optional: true },
          { name: "byteRate", type: { type: "float" }, optional: true },
        ],
      },
      SessionSnapshot: {
        type: "record",
        fields: [
          { name: "transportId", type: { type: "string" } },
          { name: "identity", type: { type: "string" } },
          { name: "subject", type: { type: "string" } },
          { name: "name", type: { type: "string" }, optional: true },
          { name: "group", type: { type: "string" }, optional: true },
          { name: "address", type: { type: "string" } },
          {
            name: "protocol",
            type: {
              type: "union",
              branches: [{ type: "literal", value: "holdfast" }, { type: "literal", value: "diset" }],
            },
          },
          { name: "state", type: { type: "string" } },
          { name: "since", type: { type: "timestamp" } },
          { name: "resumptions", type: { type: "int" } },
          { name: "silence", type: { type: "float" } },
          { name: "roundTrip", type: { type: "float" }, optional: true },
          { name: "sent", type: { type: "ref", name: "TrafficSnapshot" } },
          { name: "received", type: { type: "ref", name: "TrafficSnapshot" } },
          { name: "window", type: { type: "int" } },
          { name: "windowUsed", type: { type: "int" } },
          { name: "unacknowledged", type: { type: "int" } },
          { name: "unhandled", type: { type: "int" } },
          { name: "waiting", type: { type: "int" } },
          { name: "waitingBytes", type: { type: "int" } },
          { name: "dropped", type: { type: "int" } },
          { name: "held", type: { type: "int" } },
          { name: "handlers", type: { type: "int" } },
          { name: "parked", type: { type: "int" } },
          { name: "parkedBytes", type: { type: "int" } },
          { name: "requestsSent", type: { type: "int" } },
          { name: "requestsReceived", type: { type: "int" } },
        ],
      },
    },
  },
  docs: {
    "": "What a service tells of itself and its clients, to whoever its option `monitor` lets in.",
    Watch:
      "Asks for snapshots: one at once, but 100 ms after the last at the earliest, and then one every so often. Whoever asks again gets what was asked for last.",
    "Watch.every": "How often, in seconds. Who is slower gets fewer: none is taken before the last one was handled.",
    "Watch.limit": "How many sessions are listed.",
    "Watch.order": "Which of them come first.",
    Snapshot: "A service and its clients at one moment.",
    "Snapshot.at": "That moment, by the service's clock.",
    "Snapshot.service": "What it is called.",
    "Snapshot.since": "Since when it has listened.",
    "Snapshot.lines": "Lines that have not ended, those of watchers among them.",
    "Snapshot.handshakes": "Those of them whose client has not been let in.",
    "Snapshot.connections": "Clients that are connected: `onConnect` has let them in, and `onDrop` has not run.",
    "Snapshot.sessions": "Sessions, also those whose client is not let in yet.",
    "Snapshot.resuming": "Those of them whose line has broken, and whose client may come back.",
    "Snapshot.slow": "Those of them for which something waits.",
    "Snapshot.held": "Bytes held for all of them.",
    "Snapshot.begun": "How many sessions have begun since the service has listened.",
    "Snapshot.resumptions": "How often one has gone on over another line.",
    "Snapshot.sent": "What all sessions have sent, those that have ended, too.",
    "Snapshot.received": "What all sessions have received, those that have ended, too.",
    "Snapshot.clients": "The sessions, in the order that was asked for, and no more than that.",
    SnapshotOrder: "What sessions are listed by; those with most of it come first.",
    "SnapshotOrder.waiting": "Bytes that wait for the client: slow ones come first.",
    "SnapshotOrder.unacknowledged": "Frames of which the client has not said that they have arrived.",
    "SnapshotOrder.rate": "Bytes per second, both ways.",
    "SnapshotOrder.traffic": "Bytes, both ways, since the session began.",
    "SnapshotOrder.requests": "Requests without an answer, both ways.",
    "SnapshotOrder.roundTrip": "How long the client took to answer a PING.",
    "SnapshotOrder.silence": "How long nothing has come.",
    "SnapshotOrder.age": "How long ago the session began.",
    TrafficSnapshot: "What has gone one way.",
    "TrafficSnapshot.messages": "Messages, requests and answers.",
    "TrafficSnapshot.bytes": "As many bytes as were read from lines or written to them, from WELCOME on.",
    "TrafficSnapshot.messageRate":
      "Messages, requests and answers per second, since the snapshot before; absent if there is none.",
    "TrafficSnapshot.byteRate": "Bytes per second, since the snapshot before; absent if there is none.",
    SessionSnapshot: "A client's session.",
    "SessionSnapshot.transportId": "Names the connection, as long as it lives.",
    "SessionSnapshot.identity": "The client's name for itself.",
    "SessionSnapshot.subject": "Whom its credentials name; empty for an anonymous client.",
    "SessionSnapshot.name": "What the registry calls it.",
    "SessionSnapshot.group": "The group that it acts in.",
    "SessionSnapshot.address": "Where it was when the session began.",
    "SessionSnapshot.protocol": "What the client speaks.",
    "SessionSnapshot.state":
      "`connecting`, `open`, `stale`, `resuming`, `resumed`, `draining` or `closed`: as the service's code sees it.",
    "SessionSnapshot.since": "When the session began.",
    "SessionSnapshot.resumptions": "How often it has gone on over another line.",
    "SessionSnapshot.silence": "How long nothing has come from it, in milliseconds.",
    "SessionSnapshot.roundTrip":
      "How long it took to answer the last PING, in milliseconds. It is asked while somebody watches; who speaks DISET is not.",
    "SessionSnapshot.sent": "What it was sent.",
    "SessionSnapshot.received": "What it has sent.",
    "SessionSnapshot.window": "How many bytes it takes before its handlers have begun with them.",
    "SessionSnapshot.windowUsed": "How many of these are taken.",
    "SessionSnapshot.unacknowledged": "Frames sent of which it has not said that they have arrived.",
    "SessionSnapshot.unhandled": "Frames sent of which it has not said that they were handled.",
    "SessionSnapshot.waiting": "Frames that wait until they may go.",
    "SessionSnapshot.waitingBytes": "Bytes of these, and of those that the line has no room for.",
    "SessionSnapshot.dropped": "Messages that were not sent, but gave way to newer ones.",
    "SessionSnapshot.held": "Bytes held for it: what waits, and what may have to be sent again.",
    "SessionSnapshot.handlers": "Handlers that run for it.",
    "SessionSnapshot.parked": "Frames that have come from it, and whose handlers have not begun.",
    "SessionSnapshot.parkedBytes": "Bytes of these.",
    "SessionSnapshot.requestsSent": "Requests that it was sent and has not answered.",
    "SessionSnapshot.requestsReceived": "Requests of its own that were not answered.",
  },
  rules: { "receives Watch": [], "sends Snapshot": [] },
});
