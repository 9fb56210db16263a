// Made from imports.msg by Holdfast's compiler. Change that file, not this one.
import { defineService, type Definition, Schema } from "holdfast";
import { type Bye, type Hello, Options, type OptionsInput, Path, Site } from "./shared/common.msg.ts";
import { Job, type JobInput } from "./shared/jobs.msg.ts";

/** Uses what others declare. */
export interface Submit {
  job: Job;
  at?: Site | undefined;
  paths: Path[];
}

/** What a sender gives for {@link Submit}: what has a default may be left out. */
export interface SubmitInput extends Omit<Submit, "job"> {
  job: JobInput;
}

/** The TypeBox schema of {@link SubmitInput}. */
export const Submit: Schema.Of<SubmitInput> = Schema.Fields({
  job: Job,
  at: Schema.Optional(Site),
  paths: Schema.List(Path),
});

export interface Submitted {
  id: bigint;
}

/** The TypeBox schema of {@link Submitted}. */
export const Submitted: Schema.Of<Submitted> = Schema.Fields({ id: Schema.Long() });

/** What a client gives on connecting to Test/Imports. */
export interface ImportsConnect {
  site: Site;
  options?: Options | undefined;
}

/** What a sender gives for {@link ImportsConnect}: what has a default may be left out. */
export interface ImportsConnectInput extends Omit<ImportsConnect, "options"> {
  options?: OptionsInput | undefined;
}

/** The TypeBox schema of {@link ImportsConnectInput}. */
export const ImportsConnect: Schema.Of<ImportsConnectInput> = Schema.Fields({
  site: Site,
  options: Schema.Optional(Options),
});

/** The types of what Test/Imports is told and tells. */
export interface ImportsTypes {
  connect: { write: ImportsConnectInput; read: ImportsConnect };
  receives: {
    Hello: { write: Hello; read: Hello };
    Submit: { write: SubmitInput; read: Submit; reply: { write: Submitted; read: Submitted } };
  };
  sends: {
    Bye: { write: Bye; read: Bye };
  };
}

/** Takes over what the base has. */
export const Imports: Definition<ImportsTypes> = defineService({
  shape: {
    service: "Test/Imports",
    connect: {
      type: "record",
      fields: [
        { name: "site", type: { type: "ref", name: "Site" } },
        { name: "options", type: { type: "ref", name: "Options" }, optional: true },
      ],
    },
    messages: [
      { name: "Hello", number: 0, receives: {} },
      { name: "Bye", number: 1, sends: {} },
      { name: "Submit", number: 2, receives: { reply: "Submitted" } },
      { name: "Submitted", number: 3 },
    ],
    types: {
      Hello: { type: "record", fields: [{ name: "text", type: { type: "string" } }] },
      Bye: { type: "record", fields: [{ name: "reason", type: { type: "string" }, optional: true }] },
      Submit: {
        type: "record",
        fields: [
          { name: "job", type: { type: "ref", name: "Job" } },
          { name: "at", type: { type: "ref", name: "Site" }, optional: true },
          { name: "paths", type: { type: "list", items: { type: "string", min: 1, pattern: "(/[^/]+)+" } } },
        ],
      },
      Submitted: { type: "record", fields: [{ name: "id", type: { type: "long" } }] },
      Site: { type: "enum", values: ["cern", "desy"] },
      Options: {
        type: "record",
        fields: [
          { name: "retries", type: { type: "int" }, default: 3 },
          { name: "site", type: { type: "ref", name: "Site" }, optional: true },
        ],
      },
      Job: {
        type: "record",
        fields: [
          { name: "path", type: { type: "string", min: 1, pattern: "(/[^/]+)+" } },
          { name: "options", type: { type: "ref", name: "Options" } },
        ],
      },
    },
  },
  docs: {
    "": "Takes over what the base has.",
    Hello: "The base of every service.",
    Submit: "Uses what others declare.",
    Site: "A site.",
    Options: "Options that most have.",
  },
  rules: { "receives Hello": ["all"], "sends Bye": [], "receives Submit": ["all"] },
});
