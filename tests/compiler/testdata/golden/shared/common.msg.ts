// Made from common.msg by Holdfast's compiler. Change that file, not this one.
import { defineService, type Definition, Schema } from "holdfast";

/** A site. */
export type Site = "cern" | "desy";

/** The TypeBox schema of {@link Site}. */
export const Site: Schema.Of<Site> = Schema.Enum(["cern", "desy"]);

export type Path = string;

/** The TypeBox schema of {@link Path}. */
export const Path: Schema.Of<Path> = Schema.Text({ min: 1, pattern: "(/[^/]+)+" });

/** Options that most have. */
export interface Options {
  retries: number;
  site?: Site | undefined;
}

/** What a sender gives for {@link Options}: what has a default may be left out. */
export interface OptionsInput extends Omit<Options, "retries"> {
  /** @default 3 */
  retries?: number | undefined;
}

/** The TypeBox schema of {@link OptionsInput}. */
export const Options: Schema.Of<OptionsInput> = Schema.Fields({
  retries: Schema.Default(Schema.Int(), 3),
  site: Schema.Optional(Site),
});

/** The base of every service. */
export interface Hello {
  text: string;
}

/** The TypeBox schema of {@link Hello}. */
export const Hello: Schema.Of<Hello> = Schema.Fields({ text: Schema.Text() });

export interface Bye {
  reason?: string | undefined;
}

/** The TypeBox schema of {@link Bye}. */
export const Bye: Schema.Of<Bye> = Schema.Fields({ reason: Schema.Optional(Schema.Text()) });

/** What a client gives on connecting to Shared/Base. */
export interface BaseConnect {
  site: Site;
  options?: Options | undefined;
}

/** What a sender gives for {@link BaseConnect}: what has a default may be left out. */
export interface BaseConnectInput extends Omit<BaseConnect, "options"> {
  options?: OptionsInput | undefined;
}

/** The TypeBox schema of {@link BaseConnectInput}. */
export const BaseConnect: Schema.Of<BaseConnectInput> = Schema.Fields({
  site: Site,
  options: Schema.Optional(Options),
});

/** The types of what Shared/Base is told and tells. */
export interface BaseTypes {
  connect: { write: BaseConnectInput; read: BaseConnect };
  receives: {
    Hello: { write: Hello; read: Hello };
  };
  sends: {
    Bye: { write: Bye; read: Bye };
  };
}

/** The service Shared/Base. */
export const Base: Definition<BaseTypes> = defineService({
  shape: {
    service: "Shared/Base",
    connect: {
      type: "record",
      fields: [
        { name: "site", type: { type: "ref", name: "Site" } },
        { name: "options", type: { type: "ref", name: "Options" }, optional: true },
      ],
    },
    messages: [{ name: "Hello", number: 0, receives: {} }, { name: "Bye", number: 1, sends: {} }],
    types: {
      Hello: { type: "record", fields: [{ name: "text", type: { type: "string" } }] },
      Bye: { type: "record", fields: [{ name: "reason", type: { type: "string" }, optional: true }] },
      Site: { type: "enum", values: ["cern", "desy"] },
      Options: {
        type: "record",
        fields: [
          { name: "retries", type: { type: "int" }, default: 3 },
          { name: "site", type: { type: "ref", name: "Site" }, optional: true },
        ],
      },
    },
  },
  docs: { Hello: "The base of every service.", Site: "A site.", Options: "Options that most have." },
  rules: { "receives Hello": ["authenticated"], "sends Bye": ["authenticated"] },
});
