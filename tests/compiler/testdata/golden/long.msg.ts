// Made from long.msg by Holdfast's compiler. Change that file, not this one.
import { defineService, type Definition, Schema } from "holdfast";

export type AnEnumerationWhoseNameIsQuiteLong =
  | "theFirstOfItsValues"
  | "theSecondOfItsValues"
  | "theThirdOfItsValues"
  | "theFourth";

/** The TypeBox schema of {@link AnEnumerationWhoseNameIsQuiteLong}. */
export const AnEnumerationWhoseNameIsQuiteLong: Schema.Of<AnEnumerationWhoseNameIsQuiteLong> = Schema.Enum([
  "theFirstOfItsValues",
  "theSecondOfItsValues",
  "theThirdOfItsValues",
  "theFourth",
]);

/** A name that is longer than a line has room for twice, and a comment that is longer than a line of code may ever be, since comments are not broken. */
export interface SubmitJobToComputingElementRequestWithOptions {
  aFieldWhoseNameIsLongerThanMostAndWhoseTypeIsLongToo: (
    | "one of the possible values"
    | "another of the possible values"
  )[];
  long:
    "a literal that is longer than a line may be, and it goes on and on and on, until it does not fit any more, nowhere";
  x: "a literal that is longer than a line may be, and it goes on and on and on, until it does not fit any more, nowhere!";
  byName: Record<
    string,
    "a literal that is longer than a line may be, and it goes on and on and on, until it does not fit any more"
  >;
  byUser: Record<
    string,
    "one of the possible values" | "another of the possible values" | "and a third one, to be safe" | null
  >;
  lists: Record<
    string,
    ("one of the possible values" | "another of the possible values" | "and a third one, to be quite safe")[]
  >;
  record?:
    | Record<
      string,
      Record<
        string,
        { flag: boolean; list: Date; type: Schema.AnyValue; id: bigint; name: string } | false | (number | bigint)[]
      >
    >
    | bigint
    | undefined;
  optional?:
    | "a literal that is longer than a line may be, and it goes on and on and on, until it does not fit any more"
    | undefined;
  pattern: string;
  default: string;
  deep: Record<string, { name: string; level: AnEnumerationWhoseNameIsQuiteLong; other: number }>[][][][];
  nested: {
    first: { second: { third: { fourth: string; fifth: string }; sixth: string }; seventh: string };
    eighth: number;
  };
}

/** What a sender gives for {@link SubmitJobToComputingElementRequestWithOptions}: what has a default may be left out. */
export interface SubmitJobToComputingElementRequestWithOptionsInput {
  aFieldWhoseNameIsLongerThanMostAndWhoseTypeIsLongToo: (
    | "one of the possible values"
    | "another of the possible values"
  )[];
  long:
    "a literal that is longer than a line may be, and it goes on and on and on, until it does not fit any more, nowhere";
  x: "a literal that is longer than a line may be, and it goes on and on and on, until it does not fit any more, nowhere!";
  byName: Record<
    string,
    "a literal that is longer than a line may be, and it goes on and on and on, until it does not fit any more"
  >;
  byUser: Record<
    string,
    "one of the possible values" | "another of the possible values" | "and a third one, to be safe" | null
  >;
  lists: Record<
    string,
    ("one of the possible values" | "another of the possible values" | "and a third one, to be quite safe")[]
  >;
  record?:
    | Record<
      string,
      Record<
        string,
        | { flag?: boolean | undefined; list: Date; type: Schema.AnyValue; id: bigint; name: string }
        | false
        | (number | bigint)[]
      >
    >
    | bigint
    | undefined;
  optional?:
    | "a literal that is longer than a line may be, and it goes on and on and on, until it does not fit any more"
    | undefined;
  pattern: string;
  /** @default "a default that is longer than a line may be, and it goes on and on and on, until it does not fit any" */
  default?: string | undefined;
  deep: Record<string, { name: string; level: AnEnumerationWhoseNameIsQuiteLong; other: number }>[][][][];
  nested: {
    first: { second: { third: { fourth: string; fifth: string }; sixth: string }; seventh: string };
    eighth: number;
  };
}

/** The TypeBox schema of {@link SubmitJobToComputingElementRequestWithOptionsInput}. */
export const SubmitJobToComputingElementRequestWithOptions: Schema.Of<
  SubmitJobToComputingElementRequestWithOptionsInput
> = Schema.Fields({
  aFieldWhoseNameIsLongerThanMostAndWhoseTypeIsLongToo: Schema.List(Schema.Union([
    Schema.Literal("one of the possible values"),
    Schema.Literal("another of the possible values"),
  ])),
  long: Schema.Literal(
    "a literal that is longer than a line may be, and it goes on and on and on, until it does not fit any more, nowhere",
  ),
  x: Schema.Literal(
    "a literal that is longer than a line may be, and it goes on and on and on, until it does not fit any more, nowhere!",
  ),
  byName: Schema.Dict(Schema.Literal(
    "a literal that is longer than a line may be, and it goes on and on and on, until it does not fit any more",
  )),
  byUser: Schema.Dict(Schema.Union([
    Schema.Literal("one of the possible values"),
    Schema.Literal("another of the possible values"),
    Schema.Literal("and a third one, to be safe"),
    Schema.Literal(null),
  ])),
  lists: Schema.Dict(Schema.List(Schema.Union([
    Schema.Literal("one of the possible values"),
    Schema.Literal("another of the possible values"),
    Schema.Literal("and a third one, to be quite safe"),
  ]))),
  record: Schema.Optional(Schema.Union([
    Schema.Dict(Schema.Dict(Schema.Union([
      Schema.Fields({
        flag: Schema.Default(Schema.Bool(), false),
        list: Schema.Timestamp(),
        type: Schema.Any(),
        id: Schema.Long(),
        name: Schema.Text(),
      }),
      Schema.Literal(false),
      Schema.List(Schema.Integer()),
    ]))),
    Schema.Long(),
  ])),
  optional: Schema.Optional(Schema.Literal(
    "a literal that is longer than a line may be, and it goes on and on and on, until it does not fit any more",
  )),
  pattern: Schema.Text({
    min: 1,
    max: 64,
    pattern: "[a-z]+(alternative|another alternative|a third alternative|a fourth alternative|a fifth one)*",
  }),
  default: Schema.Default(
    Schema.Text(),
    "a default that is longer than a line may be, and it goes on and on and on, until it does not fit any",
  ),
  deep: Schema.List(Schema.List(Schema.List(Schema.List(Schema.Dict(Schema.Fields({
    name: Schema.Text(),
    level: AnEnumerationWhoseNameIsQuiteLong,
    other: Schema.Int({ min: 0, max: 1000000 }),
  })))))),
  nested: Schema.Fields({
    first: Schema.Fields({
      second: Schema.Fields({
        third: Schema.Fields({ fourth: Schema.Text(), fifth: Schema.Text() }),
        sixth: Schema.Text(),
      }),
      seventh: Schema.Text(),
    }),
    eighth: Schema.Int(),
  }),
});

export type AnEnumerationWhoseNameIsSoLongThatNothingElseFits = "theFirstOfItsValues" | "theSecondOfItsValues";

/** The TypeBox schema of {@link AnEnumerationWhoseNameIsSoLongThatNothingElseFits}. */
export const AnEnumerationWhoseNameIsSoLongThatNothingElseFits: Schema.Of<
  AnEnumerationWhoseNameIsSoLongThatNothingElseFits
> = Schema.Enum(["theFirstOfItsValues", "theSecondOfItsValues"]);

export type AnAliasOfOneLiteral =
  "a literal that is longer than a line may be, and it goes on and on, until it does not fit any";

/** The TypeBox schema of {@link AnAliasOfOneLiteral}. */
export const AnAliasOfOneLiteral: Schema.Of<AnAliasOfOneLiteral> = Schema.Literal(
  "a literal that is longer than a line may be, and it goes on and on, until it does not fit any",
);

export type AnAlias =
  | "a literal"
  | "another literal that makes it longer than a line may be"
  | "and a third one, to be on the safe side";

/** The TypeBox schema of {@link AnAlias}. */
export const AnAlias: Schema.Of<AnAlias> = Schema.Union([
  Schema.Literal("a literal"),
  Schema.Literal("another literal that makes it longer than a line may be"),
  Schema.Literal("and a third one, to be on the safe side"),
]);

export type Lists = (
  | "a literal"
  | "another literal that makes it longer than a line may be"
  | "and a third one, to be safe"
)[];

/** The TypeBox schema of {@link Lists}. */
export const Lists: Schema.Of<Lists> = Schema.List(Schema.Union([
  Schema.Literal("a literal"),
  Schema.Literal("another literal that makes it longer than a line may be"),
  Schema.Literal("and a third one, to be safe"),
]));

/** The types of what Test/TheServiceWithTheLongestNameThatAnybodyEverGaveToAService is told and tells. */
export interface TheServiceWithTheLongestNameThatAnybodyEverGaveToAServiceTypes {
  connect: { write: Record<string, never>; read: Record<string, never> };
  receives: {
    SubmitJobToComputingElementRequestWithOptions: {
      write: SubmitJobToComputingElementRequestWithOptionsInput;
      read: SubmitJobToComputingElementRequestWithOptions;
      reply: {
        write: SubmitJobToComputingElementRequestWithOptionsInput;
        read: SubmitJobToComputingElementRequestWithOptions;
      };
    };
  };
  sends: Record<never, never>;
}

/** The service Test/TheServiceWithTheLongestNameThatAnybodyEverGaveToAService. */
export const TheServiceWithTheLongestNameThatAnybodyEverGaveToAService: Definition<
  TheServiceWithTheLongestNameThatAnybodyEverGaveToAServiceTypes
> = defineService({
  shape: {
    service: "Test/TheServiceWithTheLongestNameThatAnybodyEverGaveToAService",
    connect: { type: "record", fields: [] },
    messages: [
      {
        name: "SubmitJobToComputingElementRequestWithOptions",
        number: 0,
        receives: { reply: "SubmitJobToComputingElementRequestWithOptions" },
      },
    ],
    types: {
      SubmitJobToComputingElementRequestWithOptions: {
        type: "record",
        fields: [
          {
            name: "aFieldWhoseNameIsLongerThanMostAndWhoseTypeIsLongToo",
            type: {
              type: "list",
              items: {
                type: "union",
                branches: [
                  { type: "literal", value: "one of the possible values" },
                  { type: "literal", value: "another of the possible values" },
                ],
              },
            },
          },
          {
            name: "long",
            type: {
              type: "literal",
              value:
                "a literal that is longer than a line may be, and it goes on and on and on, until it does not fit any more, nowhere",
            },
          },
          {
            name: "x",
            type: {
              type: "literal",
              value:
                "a literal that is longer than a line may be, and it goes on and on and on, until it does not fit any more, nowhere!",
            },
          },
          {
            name: "byName",
            type: {
              type: "map",
              values: {
                type: "literal",
                value:
                  "a literal that is longer than a line may be, and it goes on and on and on, until it does not fit any more",
              },
            },
          },
          {
            name: "byUser",
            type: {
              type: "map",
              values: {
                type: "union",
                branches: [
                  { type: "literal", value: "one of the possible values" },
                  { type: "literal", value: "another of the possible values" },
                  { type: "literal", value: "and a third one, to be safe" },
                  { type: "literal", value: null },
                ],
              },
            },
          },
          {
            name: "lists",
            type: {
              type: "map",
              values: {
                type: "list",
                items: {
                  type: "union",
                  branches: [
                    { type: "literal", value: "one of the possible values" },
                    { type: "literal", value: "another of the possible values" },
                    { type: "literal", value: "and a third one, to be quite safe" },
                  ],
                },
              },
            },
          },
          {
            name: "record",
            type: {
              type: "union",
              branches: [
                {
                  type: "map",
                  values: {
                    type: "map",
                    values: {
                      type: "union",
                      branches: [
                        {
                          type: "record",
                          fields: [
                            { name: "flag", type: { type: "bool" }, default: false },
                            { name: "list", type: { type: "timestamp" } },
                            { name: "type", type: { type: "any" } },
                            { name: "id", type: { type: "long" } },
                            { name: "name", type: { type: "string" } },
                          ],
                        },
                        { type: "literal", value: false },
                        { type: "list", items: { type: "int|long" } },
                      ],
                    },
                  },
                },
                { type: "long" },
              ],
            },
            optional: true,
          },
          {
            name: "optional",
            type: {
              type: "literal",
              value:
                "a literal that is longer than a line may be, and it goes on and on and on, until it does not fit any more",
            },
            optional: true,
          },
          {
            name: "pattern",
            type: {
              type: "string",
              min: 1,
              max: 64,
              pattern: "[a-z]+(alternative|another alternative|a third alternative|a fourth alternative|a fifth one)*",
            },
          },
          {
            name: "default",
            type: { type: "string" },
            default:
              "a default that is longer than a line may be, and it goes on and on and on, until it does not fit any",
          },
          {
            name: "deep",
            type: {
              type: "list",
              items: {
                type: "list",
                items: {
                  type: "list",
                  items: {
                    type: "list",
                    items: {
                      type: "map",
                      values: {
                        type: "record",
                        fields: [
                          { name: "name", type: { type: "string" } },
                          { name: "level", type: { type: "ref", name: "AnEnumerationWhoseNameIsQuiteLong" } },
                          { name: "other", type: { type: "int", min: 0, max: 1000000 } },
                        ],
                      },
                    },
                  },
                },
              },
            },
          },
          {
            name: "nested",
            type: {
              type: "record",
              fields: [
                {
                  name: "first",
                  type: {
                    type: "record",
                    fields: [
                      {
                        name: "second",
                        type: {
                          type: "record",
                          fields: [
                            {
                              name: "third",
                              type: {
                                type: "record",
                                fields: [
                                  { name: "fourth", type: { type: "string" } },
                                  { name: "fifth", type: { type: "string" } },
                                ],
                              },
                            },
                            { name: "sixth", type: { type: "string" } },
                          ],
                        },
                      },
                      { name: "seventh", type: { type: "string" } },
                    ],
                  },
                },
                { name: "eighth", type: { type: "int" } },
              ],
            },
          },
        ],
      },
      AnEnumerationWhoseNameIsQuiteLong: {
        type: "enum",
        values: ["theFirstOfItsValues", "theSecondOfItsValues", "theThirdOfItsValues", "theFourth"],
      },
    },
  },
  docs: {
    SubmitJobToComputingElementRequestWithOptions:
      "A name that is longer than a line has room for twice, and a comment that is longer than a line of code may ever be, since comments are not broken.",
  },
  rules: { "receives SubmitJobToComputingElementRequestWithOptions": ["all"] },
});
