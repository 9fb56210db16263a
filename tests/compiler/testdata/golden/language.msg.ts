// Made from language.msg by Holdfast's compiler. Change that file, not this one.
import { defineService, type Definition, Schema } from "holdfast";

/** Asks the service for a Pong. */
export interface Ping {
  id: number | bigint;
}

/** The TypeBox schema of {@link Ping}. */
export const Ping: Schema.Of<Ping> = Schema.Fields({ id: Schema.Integer() });

export interface Pong {
  id: number | bigint;
}

/** The TypeBox schema of {@link Pong}. */
export const Pong: Schema.Of<Pong> = Schema.Fields({ id: Schema.Integer() });

export type Level = "debug" | "info" | "warning";

/** The TypeBox schema of {@link Level}. */
export const Level: Schema.Of<Level> = Schema.Enum(["debug", "info", "warning"]);

export type JobId = bigint;

/** The TypeBox schema of {@link JobId}. */
export const JobId: Schema.Of<JobId> = Schema.Long();

export interface Job {
  id: JobId;
  owner: string;
  level: Level;
  sites: string[];
  labels: Record<string, string>;
  submitted: Date;
  input?: Uint8Array | undefined;
  retries: number;
  outcome: "done" | "failed" | null;
  where: { site: string; slot?: number | undefined };
  extra?: Schema.AnyValue | undefined;
}

/** What a sender gives for {@link Job}: what has a default may be left out. */
export interface JobInput extends Omit<Job, "retries"> {
  /** @default 0 */
  retries?: number | undefined;
}

/** The TypeBox schema of {@link JobInput}. */
export const Job: Schema.Of<JobInput> = Schema.Fields({
  id: JobId,
  owner: Schema.Text({ min: 1, max: 64 }),
  level: Level,
  sites: Schema.List(Schema.Text(), { max: 100 }),
  labels: Schema.Dict(Schema.Text()),
  submitted: Schema.Timestamp(),
  input: Schema.Optional(Schema.Bytes({ max: 1048576 })),
  retries: Schema.Default(Schema.Int({ min: 0, max: 10 }), 0),
  outcome: Schema.Union([Schema.Literal("done"), Schema.Literal("failed"), Schema.Literal(null)]),
  where: Schema.Fields({ site: Schema.Text(), slot: Schema.Optional(Schema.Int()) }),
  extra: Schema.Optional(Schema.Any()),
});

export interface Accepted {
  id: JobId;
}

/** The TypeBox schema of {@link Accepted}. */
export const Accepted: Schema.Of<Accepted> = Schema.Fields({ id: JobId });

export interface Notice {
  level: Level;
  text: string;
}

/** The TypeBox schema of {@link Notice}. */
export const Notice: Schema.Of<Notice> = Schema.Fields({ level: Level, text: Schema.Text() });

/** What a client gives on connecting to Framework/PingPong. */
export interface PingPongConnect {
  name: string;
  slots?: number | undefined;
}

/** The TypeBox schema of {@link PingPongConnect}. */
export const PingPongConnect: Schema.Of<PingPongConnect> = Schema.Fields({
  name: Schema.Text(),
  slots: Schema.Optional(Schema.Int()),
});

/** The types of what Framework/PingPong is told and tells. */
export interface PingPongTypes {
  connect: { write: PingPongConnect; read: PingPongConnect };
  receives: {
    Ping: { write: Ping; read: Ping };
    Job: { write: JobInput; read: Job; reply: { write: Accepted; read: Accepted } };
  };
  sends: {
    Pong: { write: Pong; read: Pong };
    Notice: { write: Notice; read: Notice };
  };
}

/** The service Framework/PingPong. */
export const PingPong: Definition<PingPongTypes> = defineService({
  shape: {
    service: "Framework/PingPong",
    connect: {
      type: "record",
      fields: [{ name: "name", type: { type: "string" } }, { name: "slots", type: { type: "int" }, optional: true }],
    },
    messages: [
      { name: "Ping", number: 0, receives: {} },
      { name: "Job", number: 1, receives: { reply: "Accepted" } },
      { name: "Accepted", number: 2 },
      { name: "Pong", number: 3, sends: {} },
      { name: "Notice", number: 4, sends: {} },
    ],
    types: {
      Ping: { type: "record", fields: [{ name: "id", type: { type: "int|long" } }] },
      Job: {
        type: "record",
        fields: [
          { name: "id", type: { type: "long" } },
          { name: "owner", type: { type: "string", min: 1, max: 64 } },
          { name: "level", type: { type: "ref", name: "Level" } },
          { name: "sites", type: { type: "list", items: { type: "string" }, max: 100 } },
          { name: "labels", type: { type: "map", values: { type: "string" } } },
          { name: "submitted", type: { type: "timestamp" } },
          { name: "input", type: { type: "bytes", max: 1048576 }, optional: true },
          { name: "retries", type: { type: "int", min: 0, max: 10 }, default: 0 },
          {
            name: "outcome",
            type: {
              type: "union",
              branches: [
                { type: "literal", value: "done" },
                { type: "literal", value: "failed" },
                { type: "literal", value: null },
              ],
            },
          },
          {
            name: "where",
            type: {
              type: "record",
              fields: [
                { name: "site", type: { type: "string" } },
                { name: "slot", type: { type: "int" }, optional: true },
              ],
            },
          },
          { name: "extra", type: { type: "any" }, optional: true },
        ],
      },
      Accepted: { type: "record", fields: [{ name: "id", type: { type: "long" } }] },
      Pong: { type: "record", fields: [{ name: "id", type: { type: "int|long" } }] },
      Notice: {
        type: "record",
        fields: [{ name: "level", type: { type: "ref", name: "Level" } }, { name: "text", type: { type: "string" } }],
      },
      Level: { type: "enum", values: ["debug", "info", "warning"] },
    },
  },
  docs: { Ping: "Asks the service for a Pong." },
  rules: {
    "receives Ping": ["all"],
    "receives Job": ["group:production", "JobAdministrator"],
    "sends Pong": ["all"],
    "sends Notice": ["all"],
  },
});
