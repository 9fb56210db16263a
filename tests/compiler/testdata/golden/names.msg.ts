// Made from names.msg by Holdfast's compiler. Change that file, not this one.
import { defineService as defineService$, type Definition as Definition$, Schema as Schema$ } from "holdfast";

/** Names that mean something in TypeScript. */
export interface Date {
  time: globalThis.Date;
}

/** The TypeBox schema of {@link Date}. */
export const Date: Schema$.Of<Date> = Schema$.Fields({ time: Schema$.Timestamp() });

export interface Record {
  entries: globalThis.Record<string, string>;
}

/** The TypeBox schema of {@link Record}. */
export const Record: Schema$.Of<Record> = Schema$.Fields({ entries: Schema$.Dict(Schema$.Text()) });

export interface Uint8Array {
  data: globalThis.Uint8Array;
}

/** The TypeBox schema of {@link Uint8Array}. */
export const Uint8Array: Schema$.Of<Uint8Array> = Schema$.Fields({ data: Schema$.Bytes() });

export interface Array {
  items: string[];
}

/** The TypeBox schema of {@link Array}. */
export const Array: Schema$.Of<Array> = Schema$.Fields({ items: Schema$.List(Schema$.Text()) });

export interface Promise {
  then?: number | undefined;
}

/** The TypeBox schema of {@link Promise}. */
export const Promise: Schema$.Of<Promise> = Schema$.Fields({ then: Schema$.Optional(Schema$.Int()) });

export interface Omit {
  what: string;
}

/** What a sender gives for {@link Omit}: what has a default may be left out. */
export interface OmitInput {
  /** @default "nothing" */
  what?: string | undefined;
}

/** The TypeBox schema of {@link OmitInput}. */
export const Omit: Schema$.Of<OmitInput> = Schema$.Fields({ what: Schema$.Default(Schema$.Text(), "nothing") });

export interface Type {
  name: string;
}

/** The TypeBox schema of {@link Type}. */
export const Type: Schema$.Of<Type> = Schema$.Fields({ name: Schema$.Text() });

export interface Definition {
  text: string;
}

/** The TypeBox schema of {@link Definition}. */
export const Definition: Schema$.Of<Definition> = Schema$.Fields({ text: Schema$.Text() });

export interface Schema {
  of: Date;
}

/** The TypeBox schema of {@link Schema}. */
export const Schema: Schema$.Of<Schema> = Schema$.Fields({ of: Date });

export interface Static {
  value: Schema$.AnyValue;
}

/** The TypeBox schema of {@link Static}. */
export const Static: Schema$.Of<Static> = Schema$.Fields({ value: Schema$.Any() });

export interface defineService {
  default: string;
}

/** The TypeBox schema of {@link defineService}. */
export const defineService: Schema$.Of<defineService> = Schema$.Fields({ default: Schema$.Text() });

export interface JobInput {
  id: bigint;
}

/** The TypeBox schema of {@link JobInput}. */
export const JobInput: Schema$.Of<JobInput> = Schema$.Fields({ id: Schema$.Long() });

export interface Job {
  id: bigint;
  retries: number;
  input?: JobInput | undefined;
}

/** What a sender gives for {@link Job}: what has a default may be left out. */
export interface JobInput$ extends globalThis.Omit<Job, "retries"> {
  /** @default 0 */
  retries?: number | undefined;
}

/** The TypeBox schema of {@link JobInput$}. */
export const Job: Schema$.Of<JobInput$> = Schema$.Fields({
  id: Schema$.Long(),
  retries: Schema$.Default(Schema$.Int(), 0),
  input: Schema$.Optional(JobInput),
});

export interface Ping {
  id: bigint;
}

/** The TypeBox schema of {@link Ping}. */
export const Ping: Schema$.Of<Ping> = Schema$.Fields({ id: Schema$.Long() });

export interface PingPong {
  ping: Ping;
}

/** The TypeBox schema of {@link PingPong}. */
export const PingPong: Schema$.Of<PingPong> = Schema$.Fields({ ping: Ping });

export interface PingPongTypes {
  types: Type[];
}

/** The TypeBox schema of {@link PingPongTypes}. */
export const PingPongTypes: Schema$.Of<PingPongTypes> = Schema$.Fields({ types: Schema$.List(Type) });

export interface delete$ {
  new: number;
  class: string;
}

/** The TypeBox schema of {@link delete$}. */
export const delete$: Schema$.Of<delete$> = Schema$.Fields({ new: Schema$.Int(), class: Schema$.Text() });

export interface number$ {
  value: Record;
  string: Uint8Array;
}

/** The TypeBox schema of {@link number$}. */
export const number$: Schema$.Of<number$> = Schema$.Fields({ value: Record, string: Uint8Array });

export type undefined$ = globalThis.Record<string, never>;

/** The TypeBox schema of {@link undefined$}. */
export const undefined$: Schema$.Of<undefined$> = Schema$.Fields({});

export interface await$ {
  for?: delete$ | undefined;
}

/** The TypeBox schema of {@link await$}. */
export const await$: Schema$.Of<await$> = Schema$.Fields({ for: Schema$.Optional(delete$) });

export interface Object {
  prototypes: globalThis.Record<string, Object>;
}

/** The TypeBox schema of {@link Object}. */
export const Object: Schema$.Of<Object> = Schema$.Cyclic(
  { Object: Schema$.Fields({ prototypes: Schema$.Dict(Schema$.Ref<Object>("Object")) }) },
  "Object",
);

export type Symbol2 = "constructing" | "toString" | "valueOf";

/** The TypeBox schema of {@link Symbol2}. */
export const Symbol2: Schema$.Of<Symbol2> = Schema$.Enum(["constructing", "toString", "valueOf"]);

export interface Symbol {
  name: Symbol2;
}

/** The TypeBox schema of {@link Symbol}. */
export const Symbol: Schema$.Of<Symbol> = Schema$.Fields({ name: Symbol2 });

/** What a client gives on connecting to Names/PingPong. */
export interface NamesPingPongConnect {
  delete: number$;
  Date: globalThis.Date;
}

/** The TypeBox schema of {@link NamesPingPongConnect}. */
export const NamesPingPongConnect: Schema$.Of<NamesPingPongConnect> = Schema$.Fields({
  delete: number$,
  Date: Schema$.Timestamp(),
});

/** The types of what Names/PingPong is told and tells. */
export interface NamesPingPongTypes {
  connect: { write: NamesPingPongConnect; read: NamesPingPongConnect };
  receives: {
    PingPong: { write: PingPong; read: PingPong };
    Job: { write: JobInput$; read: Job };
    delete: { write: delete$; read: delete$ };
    Omit: { write: OmitInput; read: Omit };
  };
  sends: {
    undefined: { write: undefined$; read: undefined$ };
    await: { write: await$; read: await$; reply: { write: number$; read: number$ } };
  };
}

/** The service Names/PingPong. */
export const NamesPingPong: Definition$<NamesPingPongTypes> = defineService$({
  shape: {
    service: "Names/PingPong",
    connect: {
      type: "record",
      fields: [
        { name: "delete", type: { type: "ref", name: "number" } },
        { name: "Date", type: { type: "timestamp" } },
      ],
    },
    messages: [
      { name: "PingPong", number: 0, receives: {} },
      { name: "Job", number: 1, receives: {} },
      { name: "delete", number: 2, receives: {} },
      { name: "Omit", number: 3, receives: {} },
      { name: "undefined", number: 4, sends: {} },
      { name: "await", number: 5, sends: { reply: "number" } },
      { name: "number", number: 6 },
    ],
    types: {
      PingPong: { type: "record", fields: [{ name: "ping", type: { type: "ref", name: "Ping" } }] },
      Job: {
        type: "record",
        fields: [
          { name: "id", type: { type: "long" } },
          { name: "retries", type: { type: "int" }, default: 0 },
          { name: "input", type: { type: "ref", name: "JobInput" }, optional: true },
        ],
      },
      delete: {
        type: "record",
        fields: [{ name: "new", type: { type: "int" } }, { name: "class", type: { type: "string" } }],
      },
      Omit: { type: "record", fields: [{ name: "what", type: { type: "string" }, default: "nothing" }] },
      undefined: { type: "record", fields: [] },
      await: { type: "record", fields: [{ name: "for", type: { type: "ref", name: "delete" }, optional: true }] },
      number: {
        type: "record",
        fields: [
          { name: "value", type: { type: "ref", name: "Record" } },
          { name: "string", type: { type: "ref", name: "Uint8Array" } },
        ],
      },
      Ping: { type: "record", fields: [{ name: "id", type: { type: "long" } }] },
      JobInput: { type: "record", fields: [{ name: "id", type: { type: "long" } }] },
      Record: { type: "record", fields: [{ name: "entries", type: { type: "map", values: { type: "string" } } }] },
      Uint8Array: { type: "record", fields: [{ name: "data", type: { type: "bytes" } }] },
    },
  },
  docs: {},
  rules: {
    "receives PingPong": ["all"],
    "receives Job": ["all"],
    "receives delete": ["all"],
    "receives Omit": ["all"],
    "sends undefined": ["all"],
    "sends await": ["all"],
  },
});

/** The types of what Names/Twice is told and tells. */
export interface NamesTwiceTypes {
  connect: { write: globalThis.Record<string, never>; read: globalThis.Record<string, never> };
  receives: {
    Type: { write: Type; read: Type };
  };
  sends: globalThis.Record<never, never>;
}

/** The service Names/Twice. */
export const NamesTwice: Definition$<NamesTwiceTypes> = defineService$({
  shape: {
    service: "Names/Twice",
    connect: { type: "record", fields: [] },
    messages: [{ name: "Type", number: 0, receives: {} }],
    types: { Type: { type: "record", fields: [{ name: "name", type: { type: "string" } }] } },
  },
  docs: {},
  rules: { "receives Type": ["all"] },
});

/** The types of what Others/Twice is told and tells. */
export interface OthersTwiceTypes {
  connect: { write: globalThis.Record<string, never>; read: globalThis.Record<string, never> };
  receives: globalThis.Record<never, never>;
  sends: {
    Type: { write: Type; read: Type };
  };
}

/** The service Others/Twice. */
export const OthersTwice: Definition$<OthersTwiceTypes> = defineService$({
  shape: {
    service: "Others/Twice",
    connect: { type: "record", fields: [] },
    messages: [{ name: "Type", number: 0, sends: {} }],
    types: { Type: { type: "record", fields: [{ name: "name", type: { type: "string" } }] } },
  },
  docs: {},
  rules: { "sends Type": ["all"] },
});
