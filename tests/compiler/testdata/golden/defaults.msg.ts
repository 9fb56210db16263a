// Made from defaults.msg by Holdfast's compiler. Change that file, not this one.
import { defineService, type Definition, Schema } from "holdfast";

/** Who runs it. */
export interface Owner {
  name: string;
  group: string;
}

/** What a sender gives for {@link Owner}: what has a default may be left out. */
export interface OwnerInput extends Omit<Owner, "group"> {
  /** @default "users" */
  group?: string | undefined;
}

/** The TypeBox schema of {@link OwnerInput}. */
export const Owner: Schema.Of<OwnerInput> = Schema.Fields({
  name: Schema.Text(),
  group: Schema.Default(Schema.Text(), "users"),
});

export interface Plain {
  text: string;
}

/** The TypeBox schema of {@link Plain}. */
export const Plain: Schema.Of<Plain> = Schema.Fields({ text: Schema.Text() });

export type Level = "debug" | "info" | "warning";

/** The TypeBox schema of {@link Level}. */
export const Level: Schema.Of<Level> = Schema.Enum(["debug", "info", "warning"]);

/** Everything here has a default. */
export interface Settings {
  /** Whether to say more. */
  verbose: boolean;
  level: Level;
  ratio: number;
  below: number;
  big: bigint;
  integer: number | bigint;
  small: number | bigint;
  either: string | number | null;
  quote: string;
  literal: "a" | "b";
}

/** What a sender gives for {@link Settings}: what has a default may be left out. */
export interface SettingsInput {
  /**
   * Whether to say more.
   * @default false
   */
  verbose?: boolean | undefined;
  /** @default "info" */
  level?: Level | undefined;
  /** @default 0.5 */
  ratio?: number | undefined;
  /** @default -1.5 */
  below?: number | undefined;
  /** @default 9223372036854775808n */
  big?: bigint | undefined;
  /** @default 36893488147419103232n */
  integer?: number | bigint | undefined;
  /** @default -7 */
  small?: number | bigint | undefined;
  /** @default null */
  either?: string | number | null | undefined;
  /** @default '"\u00e9"' */
  quote?: string | undefined;
  /** @default "b" */
  literal?: "a" | "b" | undefined;
}

/** The TypeBox schema of {@link SettingsInput}. */
export const Settings: Schema.Of<SettingsInput> = Schema.Fields({
  verbose: Schema.Default(Schema.Bool(), false),
  level: Schema.Default(Level, "info"),
  ratio: Schema.Default(Schema.Float({ min: 0, max: 1 }), 0.5),
  below: Schema.Default(Schema.Float(), -1.5),
  big: Schema.Default(Schema.Long(), 9223372036854775808n),
  integer: Schema.Default(Schema.Integer(), 36893488147419103232n),
  small: Schema.Default(Schema.Integer(), -7),
  either: Schema.Default(Schema.Union([Schema.Text(), Schema.Int(), Schema.Literal(null)]), null),
  quote: Schema.Default(Schema.Text(), '"\u00e9"'),
  literal: Schema.Default(Schema.Union([Schema.Literal("a"), Schema.Literal("b")]), "b"),
});

/** A task, with defaults further in. */
export interface Task {
  /** Its number. */
  id: bigint;
  plain: Plain;
  owner: Owner;
  owners: Owner[];
  byName: Record<string, Owner[]>;
  /** A default in an object of its own. */
  where: { site: string; slot: number };
  choice: Owner | null;
  settings?: Settings | undefined;
  /** How often to try again. */
  retries: number;
}

/** What a sender gives for {@link Task}: what has a default may be left out. */
export interface TaskInput {
  /** Its number. */
  id: bigint;
  plain: Plain;
  owner: OwnerInput;
  owners: OwnerInput[];
  byName: Record<string, OwnerInput[]>;
  /** A default in an object of its own. */
  where: { site: string; slot?: number | undefined };
  choice: OwnerInput | null;
  settings?: SettingsInput | undefined;
  /**
   * How often to try again.
   * @default 3
   */
  retries?: number | undefined;
}

/** The TypeBox schema of {@link TaskInput}. */
export const Task: Schema.Of<TaskInput> = Schema.Fields({
  id: Schema.Long(),
  plain: Plain,
  owner: Owner,
  owners: Schema.List(Owner),
  byName: Schema.Dict(Schema.List(Owner)),
  where: Schema.Fields({ site: Schema.Text(), slot: Schema.Default(Schema.Int(), 1) }),
  choice: Schema.Union([Owner, Schema.Literal(null)]),
  settings: Schema.Optional(Settings),
  retries: Schema.Default(Schema.Int(), 3),
});

export type Owners = Owner[];

/** What a sender gives for {@link Owners}: what has a default may be left out. */
export type OwnersInput = OwnerInput[];

/** The TypeBox schema of {@link OwnersInput}. */
export const Owners: Schema.Of<OwnersInput> = Schema.List(Owner);

export interface Batch {
  tasks: Task[];
  owners: Owners;
}

/** What a sender gives for {@link Batch}: what has a default may be left out. */
export interface BatchInput$ {
  tasks: TaskInput[];
  owners: OwnersInput;
}

/** The TypeBox schema of {@link BatchInput$}. */
export const Batch: Schema.Of<BatchInput$> = Schema.Fields({ tasks: Schema.List(Task), owners: Owners });

export interface BatchInput {
  note: string;
}

/** The TypeBox schema of {@link BatchInput}. */
export const BatchInput: Schema.Of<BatchInput> = Schema.Fields({ note: Schema.Text() });

export interface Done {
  count: number;
}

/** What a sender gives for {@link Done}: what has a default may be left out. */
export interface DoneInput {
  /** @default 1 */
  count?: number | undefined;
}

/** The TypeBox schema of {@link DoneInput}. */
export const Done: Schema.Of<DoneInput> = Schema.Fields({ count: Schema.Default(Schema.Int(), 1) });

/** What a client gives on connecting to Test/Defaults. */
export interface DefaultsConnect {
  name: string;
  slots: number;
}

/** What a sender gives for {@link DefaultsConnect}: what has a default may be left out. */
export interface DefaultsConnectInput extends Omit<DefaultsConnect, "slots"> {
  /** @default 4 */
  slots?: number | undefined;
}

/** The TypeBox schema of {@link DefaultsConnectInput}. */
export const DefaultsConnect: Schema.Of<DefaultsConnectInput> = Schema.Fields({
  name: Schema.Text(),
  slots: Schema.Default(Schema.Int(), 4),
});

/** The types of what Test/Defaults is told and tells. */
export interface DefaultsTypes {
  connect: { write: DefaultsConnectInput; read: DefaultsConnect };
  receives: {
    Task: { write: TaskInput; read: Task; reply: { write: DoneInput; read: Done } };
    Batch: { write: BatchInput$; read: Batch };
    Plain: { write: Plain; read: Plain };
  };
  sends: {
    Settings: { write: SettingsInput; read: Settings };
  };
}

/** The service Test/Defaults. */
export const Defaults: Definition<DefaultsTypes> = defineService({
  shape: {
    service: "Test/Defaults",
    connect: {
      type: "record",
      fields: [{ name: "name", type: { type: "string" } }, { name: "slots", type: { type: "int" }, default: 4 }],
    },
    messages: [
      { name: "Task", number: 0, receives: { reply: "Done" } },
      { name: "Done", number: 1 },
      { name: "Batch", number: 2, receives: {} },
      { name: "Plain", number: 3, receives: {} },
      { name: "Settings", number: 4, sends: {} },
    ],
    types: {
      Task: {
        type: "record",
        fields: [
          { name: "id", type: { type: "long" } },
          { name: "plain", type: { type: "ref", name: "Plain" } },
          { name: "owner", type: { type: "ref", name: "Owner" } },
          { name: "owners", type: { type: "list", items: { type: "ref", name: "Owner" } } },
          { name: "byName", type: { type: "map", values: { type: "list", items: { type: "ref", name: "Owner" } } } },
          {
            name: "where",
            type: {
              type: "record",
              fields: [{ name: "site", type: { type: "string" } }, { name: "slot", type: { type: "int" }, default: 1 }],
            },
          },
          {
            name: "choice",
            type: { type: "union", branches: [{ type: "ref", name: "Owner" }, { type: "literal", value: null }] },
          },
          { name: "settings", type: { type: "ref", name: "Settings" }, optional: true },
          { name: "retries", type: { type: "int" }, default: 3 },
        ],
      },
      Done: { type: "record", fields: [{ name: "count", type: { type: "int" }, default: 1 }] },
      Batch: {
        type: "record",
        fields: [
          { name: "tasks", type: { type: "list", items: { type: "ref", name: "Task" } } },
          { name: "owners", type: { type: "list", items: { type: "ref", name: "Owner" } } },
        ],
      },
      Plain: { type: "record", fields: [{ name: "text", type: { type: "string" } }] },
      Settings: {
        type: "record",
        fields: [
          { name: "verbose", type: { type: "bool" }, default: false },
          { name: "level", type: { type: "ref", name: "Level" }, default: "info" },
          { name: "ratio", type: { type: "float", min: 0, max: 1 }, default: 0.5 },
          { name: "below", type: { type: "float" }, default: -1.5 },
          { name: "big", type: { type: "long" }, default: { long: "9223372036854775808" } },
          { name: "integer", type: { type: "int|long" }, default: { long: "36893488147419103232" } },
          { name: "small", type: { type: "int|long" }, default: -7 },
          {
            name: "either",
            type: { type: "union", branches: [{ type: "string" }, { type: "int" }, { type: "literal", value: null }] },
            default: null,
          },
          { name: "quote", type: { type: "string" }, default: '"\u00e9"' },
          {
            name: "literal",
            type: { type: "union", branches: [{ type: "literal", value: "a" }, { type: "literal", value: "b" }] },
            default: "b",
          },
        ],
      },
      Owner: {
        type: "record",
        fields: [
          { name: "name", type: { type: "string" } },
          { name: "group", type: { type: "string" }, default: "users" },
        ],
      },
      Level: { type: "enum", values: ["debug", "info", "warning"] },
    },
  },
  docs: {
    Task: "A task, with defaults further in.",
    "Task.id": "Its number.",
    "Task.where": "A default in an object of its own.",
    "Task.retries": "How often to try again.",
    Settings: "Everything here has a default.",
    "Settings.verbose": "Whether to say more.",
    Owner: "Who runs it.",
  },
  rules: { "receives Task": ["all"], "receives Batch": ["all"], "receives Plain": ["all"], "sends Settings": ["all"] },
});
