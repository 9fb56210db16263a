// Made from types.msg by Holdfast's compiler. Change that file, not this one.
import { defineService, type Definition, Schema } from "holdfast";

/** A point in the plane. */
export interface Point {
  x: number;
  y: number;
}

/** The TypeBox schema of {@link Point}. */
export const Point: Schema.Of<Point> = Schema.Fields({ x: Schema.Float(), y: Schema.Float() });

/** A color, by name. */
export type Color =
  /** The longest waves. */
  | "red"
  | "green"
  /**
   * The shortest
   * of the three.
   */
  | "blue";

/** The TypeBox schema of {@link Color}. */
export const Color: Schema.Of<Color> = Schema.Enum(["red", "green", "blue"]);

export interface Circle {
  kind: "circle";
  center: Point;
  radius: number;
}

/** The TypeBox schema of {@link Circle}. */
export const Circle: Schema.Of<Circle> = Schema.Fields({
  kind: Schema.Literal("circle"),
  center: Point,
  radius: Schema.Float({ min: 0 }),
});

export interface Square {
  kind: "square";
  corner: Point;
  side: number;
}

/** The TypeBox schema of {@link Square}. */
export const Square: Schema.Of<Square> = Schema.Fields({
  kind: Schema.Literal("square"),
  corner: Point,
  side: Schema.Float({ min: 0 }),
});

export type Shape = Circle | Square | { kind: "none" };

/** The TypeBox schema of {@link Shape}. */
export const Shape: Schema.Of<Shape> = Schema.Union([Circle, Square, Schema.Fields({ kind: Schema.Literal("none") })]);

export type Percent = number;

/** The TypeBox schema of {@link Percent}. */
export const Percent: Schema.Of<Percent> = Schema.Int({ min: 0, max: 100 });

/** Every type and every bound of the language. */
export interface Types {
  aBool: boolean;
  anInt: number;
  aSmallInt: number;
  aNatural: number;
  aLong: bigint;
  aBigLong: bigint;
  anInteger: number | bigint;
  aBoundInteger: number | bigint;
  aFloat: number;
  aFraction: number;
  aBelow: number;
  aString: string;
  aName: string;
  aWord: string;
  someBytes: Uint8Array;
  aHash: Uint8Array;
  aTime: Date;
  anything: Schema.AnyValue;
  nothing: null;
  yes: true;
  answer: 42;
  below: -1;
  text: 'it\'s "quoted", \u00e9, \ud83d\ude42 and\nbroken';
  aList: number[];
  aShortList: string[];
  aDeepList: number[][][][];
  aMap: Record<string, number>;
  aSmallMap: Record<string, boolean[]>;
  aUnion: string | number | null;
  aUnionList: (string | null)[];
  aLiteralList: (-1 | 0 | 1)[];
  integersAndMore: (number | bigint | string)[];
  anObject: { x: number; y: number; label?: string | undefined };
  anEmptyObject: Record<string, never>;
  objects: { key: string; value: Schema.AnyValue }[];
  objectMap: Record<string, { key: string; value: Schema.AnyValue[] }>;
  aRecord: Point;
  optional?: Point | undefined;
  optionalUnion?: number | Color | null | undefined;
  color: Color;
  shape: Shape;
  manyThings: "a rather long literal of the first kind" | "a rather long literal of the second kind" | "another one";
  aliased: Percent;
}

/** The TypeBox schema of {@link Types}. */
export const Types: Schema.Of<Types> = Schema.Fields({
  aBool: Schema.Bool(),
  anInt: Schema.Int(),
  aSmallInt: Schema.Int({ min: -5, max: 5 }),
  aNatural: Schema.Int({ min: 0 }),
  aLong: Schema.Long(),
  aBigLong: Schema.Long({
    min: -170141183460469231731687303715884105728n,
    max: 170141183460469231731687303715884105727n,
  }),
  anInteger: Schema.Integer(),
  aBoundInteger: Schema.Integer({ min: 0n, max: 36893488147419103232n }),
  aFloat: Schema.Float(),
  aFraction: Schema.Float({ min: 0.5, max: 1000000 }),
  aBelow: Schema.Float({ max: -0.25 }),
  aString: Schema.Text(),
  aName: Schema.Text({ min: 1, max: 64, pattern: '[a-z]+("quoted"|\\d{2,4}|/)\u00e9*' }),
  aWord: Schema.Text({ pattern: "\\w+" }),
  someBytes: Schema.Bytes(),
  aHash: Schema.Bytes({ min: 32, max: 32 }),
  aTime: Schema.Timestamp(),
  anything: Schema.Any(),
  nothing: Schema.Literal(null),
  yes: Schema.Literal(true),
  answer: Schema.Literal(42),
  below: Schema.Literal(-1),
  text: Schema.Literal('it\'s "quoted", \u00e9, \ud83d\ude42 and\nbroken'),
  aList: Schema.List(Schema.Int()),
  aShortList: Schema.List(Schema.Text({ max: 8 }), { min: 1, max: 3 }),
  aDeepList: Schema.List(Schema.List(Schema.List(Schema.List(Schema.Int())))),
  aMap: Schema.Dict(Schema.Float()),
  aSmallMap: Schema.Dict(Schema.List(Schema.Bool()), { max: 16 }),
  aUnion: Schema.Union([Schema.Text(), Schema.Int(), Schema.Literal(null)]),
  aUnionList: Schema.List(Schema.Union([Schema.Text(), Schema.Literal(null)])),
  aLiteralList: Schema.List(Schema.Union([Schema.Literal(-1), Schema.Literal(0), Schema.Literal(1)])),
  integersAndMore: Schema.List(Schema.Union([Schema.Integer(), Schema.Text()])),
  anObject: Schema.Fields({ x: Schema.Float(), y: Schema.Float(), label: Schema.Optional(Schema.Text()) }),
  anEmptyObject: Schema.Fields({}),
  objects: Schema.List(Schema.Fields({ key: Schema.Text(), value: Schema.Any() })),
  objectMap: Schema.Dict(Schema.Fields({ key: Schema.Text(), value: Schema.List(Schema.Any()) })),
  aRecord: Point,
  optional: Schema.Optional(Point),
  optionalUnion: Schema.Optional(Schema.Union([Schema.Int(), Color, Schema.Literal(null)])),
  color: Color,
  shape: Shape,
  manyThings: Schema.Union([
    Schema.Literal("a rather long literal of the first kind"),
    Schema.Literal("a rather long literal of the second kind"),
    Schema.Literal("another one"),
  ]),
  aliased: Percent,
});

export type Single = "only";

/** The TypeBox schema of {@link Single}. */
export const Single: Schema.Of<Single> = Schema.Enum(["only"]);

export type ManyValues =
  | "accepted"
  | "rejected"
  | "submitted"
  | "waiting"
  | "running"
  | "completing"
  | "completed"
  | "failed"
  | "stalled"
  | "killed"
  | "deleted";

/** The TypeBox schema of {@link ManyValues}. */
export const ManyValues: Schema.Of<ManyValues> = Schema.Enum([
  "accepted",
  "rejected",
  "submitted",
  "waiting",
  "running",
  "completing",
  "completed",
  "failed",
  "stalled",
  "killed",
  "deleted",
]);

export type Empty = Record<string, never>;

/** The TypeBox schema of {@link Empty}. */
export const Empty: Schema.Of<Empty> = Schema.Fields({});

/** The types of what Test/Types is told and tells. */
export interface TestTypesTypes {
  connect: { write: Record<string, never>; read: Record<string, never> };
  receives: {
    Types: { write: Types; read: Types };
  };
  sends: {
    Empty: { write: Empty; read: Empty };
  };
}

/** The service Test/Types. */
export const TestTypes: Definition<TestTypesTypes> = defineService({
  shape: {
    service: "Test/Types",
    connect: { type: "record", fields: [] },
    messages: [{ name: "Types", number: 0, receives: {} }, { name: "Empty", number: 1, sends: {} }],
    types: {
      Types: {
        type: "record",
        fields: [
          { name: "aBool", type: { type: "bool" } },
          { name: "anInt", type: { type: "int" } },
          { name: "aSmallInt", type: { type: "int", min: -5, max: 5 } },
          { name: "aNatural", type: { type: "int", min: 0 } },
          { name: "aLong", type: { type: "long" } },
          {
            name: "aBigLong",
            type: {
              type: "long",
              min: "-170141183460469231731687303715884105728",
              max: "170141183460469231731687303715884105727",
            },
          },
          { name: "anInteger", type: { type: "int|long" } },
          { name: "aBoundInteger", type: { type: "int|long", min: "0", max: "36893488147419103232" } },
          { name: "aFloat", type: { type: "float" } },
          { name: "aFraction", type: { type: "float", min: 0.5, max: 1000000 } },
          { name: "aBelow", type: { type: "float", max: -0.25 } },
          { name: "aString", type: { type: "string" } },
          { name: "aName", type: { type: "string", min: 1, max: 64, pattern: '[a-z]+("quoted"|\\d{2,4}|/)\u00e9*' } },
          { name: "aWord", type: { type: "string", pattern: "\\w+" } },
          { name: "someBytes", type: { type: "bytes" } },
          { name: "aHash", type: { type: "bytes", min: 32, max: 32 } },
          { name: "aTime", type: { type: "timestamp" } },
          { name: "anything", type: { type: "any" } },
          { name: "nothing", type: { type: "literal", value: null } },
          { name: "yes", type: { type: "literal", value: true } },
          { name: "answer", type: { type: "literal", value: 42 } },
          { name: "below", type: { type: "literal", value: -1 } },
          { name: "text", type: { type: "literal", value: 'it\'s "quoted", \u00e9, \ud83d\ude42 and\nbroken' } },
          { name: "aList", type: { type: "list", items: { type: "int" } } },
          { name: "aShortList", type: { type: "list", items: { type: "string", max: 8 }, min: 1, max: 3 } },
          {
            name: "aDeepList",
            type: {
              type: "list",
              items: { type: "list", items: { type: "list", items: { type: "list", items: { type: "int" } } } },
            },
          },
          { name: "aMap", type: { type: "map", values: { type: "float" } } },
          { name: "aSmallMap", type: { type: "map", values: { type: "list", items: { type: "bool" } }, max: 16 } },
          {
            name: "aUnion",
            type: { type: "union", branches: [{ type: "string" }, { type: "int" }, { type: "literal", value: null }] },
          },
          {
            name: "aUnionList",
            type: {
              type: "list",
              items: { type: "union", branches: [{ type: "string" }, { type: "literal", value: null }] },
            },
          },
          {
            name: "aLiteralList",
            type: {
              type: "list",
              items: {
                type: "union",
                branches: [
                  { type: "literal", value: -1 },
                  { type: "literal", value: 0 },
                  { type: "literal", value: 1 },
                ],
              },
            },
          },
          {
            name: "integersAndMore",
            type: { type: "list", items: { type: "union", branches: [{ type: "int|long" }, { type: "string" }] } },
          },
          {
            name: "anObject",
            type: {
              type: "record",
              fields: [
                { name: "x", type: { type: "float" } },
                { name: "y", type: { type: "float" } },
                { name: "label", type: { type: "string" }, optional: true },
              ],
            },
          },
          { name: "anEmptyObject", type: { type: "record", fields: [] } },
          {
            name: "objects",
            type: {
              type: "list",
              items: {
                type: "record",
                fields: [{ name: "key", type: { type: "string" } }, { name: "value", type: { type: "any" } }],
              },
            },
          },
          {
            name: "objectMap",
            type: {
              type: "map",
              values: {
                type: "record",
                fields: [
                  { name: "key", type: { type: "string" } },
                  { name: "value", type: { type: "list", items: { type: "any" } } },
                ],
              },
            },
          },
          { name: "aRecord", type: { type: "ref", name: "Point" } },
          { name: "optional", type: { type: "ref", name: "Point" }, optional: true },
          {
            name: "optionalUnion",
            type: {
              type: "union",
              branches: [{ type: "int" }, { type: "ref", name: "Color" }, { type: "literal", value: null }],
            },
            optional: true,
          },
          { name: "color", type: { type: "ref", name: "Color" } },
          {
            name: "shape",
            type: {
              type: "union",
              branches: [
                { type: "ref", name: "Circle" },
                { type: "ref", name: "Square" },
                { type: "record", fields: [{ name: "kind", type: { type: "literal", value: "none" } }] },
              ],
            },
          },
          {
            name: "manyThings",
            type: {
              type: "union",
              branches: [
                { type: "literal", value: "a rather long literal of the first kind" },
                { type: "literal", value: "a rather long literal of the second kind" },
                { type: "literal", value: "another one" },
              ],
            },
          },
          { name: "aliased", type: { type: "int", min: 0, max: 100 } },
        ],
      },
      Empty: { type: "record", fields: [] },
      Point: {
        type: "record",
        fields: [{ name: "x", type: { type: "float" } }, { name: "y", type: { type: "float" } }],
      },
      Color: { type: "enum", values: ["red", "green", "blue"] },
      Circle: {
        type: "record",
        fields: [
          { name: "kind", type: { type: "literal", value: "circle" } },
          { name: "center", type: { type: "ref", name: "Point" } },
          { name: "radius", type: { type: "float", min: 0 } },
        ],
      },
      Square: {
        type: "record",
        fields: [
          { name: "kind", type: { type: "literal", value: "square" } },
          { name: "corner", type: { type: "ref", name: "Point" } },
          { name: "side", type: { type: "float", min: 0 } },
        ],
      },
    },
  },
  docs: {
    Types: "Every type and every bound of the language.",
    Point: "A point in the plane.",
    Color: "A color, by name.",
    "Color.red": "The longest waves.",
    "Color.blue": "The shortest\nof the three.",
  },
  rules: { "receives Types": ["all"], "sends Empty": ["all"] },
});
