/**
 * The definition of a service: what it may be told, what it may tell, and in which form.
 *
 * A definition is a plain, immutable, JSON-shaped value. Everything else is made from it: the codec, the schemas, the
 * generated code, the `.msg` text. It has three parts, because they travel differently:
 *
 * - the {@link Shape} is what both sides must agree on. Its canonical JSON is what is hashed, and it goes over the wire;
 * - {@link Definition.docs} go over the wire beside it, unhashed;
 * - {@link Definition.rules} never leave the service.
 *
 * @module
 */

/** What a value may be, on the wire and in the schemas. No aliases and no places: those end with the checker. */
export type Type =
  | BoolType
  | IntType
  | LongType
  | IntegerType
  | FloatType
  | StringType
  | BytesType
  | TimestampType
  | AnyType
  | LiteralType
  | EnumType
  | ListType
  | MapType
  | UnionType
  | RecordType
  | ReferenceType;

/** `bool`: a TypeScript `boolean`. */
export interface BoolType {
  /** Which kind of type it is. */
  readonly type: "bool";
}

/** `int`: a `number` without fraction within ±(2^53−1), or within the bounds given (both inclusive). */
export interface IntType {
  /** Which kind of type it is. */
  readonly type: "int";
  /** At least this; no bound if absent. */
  readonly min?: number;
  /** At most this; no bound if absent. */
  readonly max?: number;
}

/** `long`: a `bigint` of any size, or within the bounds given: decimal digits, since JSON has no bigint. */
export interface LongType {
  /** Which kind of type it is. */
  readonly type: "long";
  /** At least this; no bound if absent. */
  readonly min?: string;
  /** At most this; no bound if absent. */
  readonly max?: string;
}

/** `int|long`: arrives as a `number` when that is safe, else as a `bigint`; either is taken. Bounds as for `long`. */
export interface IntegerType {
  /** Which kind of type it is. */
  readonly type: "int|long";
  /** At least this; no bound if absent. */
  readonly min?: string;
  /** At most this; no bound if absent. */
  readonly max?: string;
}

/** `float`: a 64-bit `number`, NaN and the infinities included; NaN is within no bounds. */
export interface FloatType {
  /** Which kind of type it is. */
  readonly type: "float";
  /** At least this; no bound if absent. */
  readonly min?: number;
  /** At most this; no bound if absent. */
  readonly max?: number;
}

/** `string`: valid Unicode. The length counts code points; the whole string must match the pattern (RE2 syntax). */
export interface StringType {
  /** Which kind of type it is. */
  readonly type: "string";
  /** At least this; no bound if absent. */
  readonly min?: number;
  /** At most this; no bound if absent. */
  readonly max?: number;
  /** What the whole string must match, in RE2 syntax. */
  readonly pattern?: string;
}

/** `bytes`: a `Uint8Array`; the bounds count bytes. */
export interface BytesType {
  /** Which kind of type it is. */
  readonly type: "bytes";
  /** At least this; no bound if absent. */
  readonly min?: number;
  /** At most this; no bound if absent. */
  readonly max?: number;
}

/** `timestamp`: a valid `Date`, to the millisecond, UTC. */
export interface TimestampType {
  /** Which kind of type it is. */
  readonly type: "timestamp";
}

/** `any`: null, booleans, numbers, bigints, strings, bytes, timestamps, and lists and string-keyed maps of these. */
export interface AnyType {
  /** Which kind of type it is. */
  readonly type: "any";
}

/** `null`, `true`, `42` or `"text"`: exactly this value. A number is a safe integer. */
export interface LiteralType {
  /** Which kind of type it is. */
  readonly type: "literal";
  /** The one value. */
  readonly value: null | boolean | number | string;
}

/** An `enum`: one of these strings. On the wire, its place in the list. Found among {@link Shape.types} only. */
export interface EnumType {
  /** Which kind of type it is. */
  readonly type: "enum";
  /** At least one, none twice. */
  readonly values: readonly string[];
}

/** `list<T>`: an array; the bounds count its items. */
export interface ListType {
  /** Which kind of type it is. */
  readonly type: "list";
  /** What its items are. */
  readonly items: Type;
  /** At least this; no bound if absent. */
  readonly min?: number;
  /** At most this; no bound if absent. */
  readonly max?: number;
}

/** `map<T>`: a string-keyed record without prototype; the bounds count its entries. */
export interface MapType {
  /** Which kind of type it is. */
  readonly type: "map";
  /** What its values are. */
  readonly values: Type;
  /** At least this; no bound if absent. */
  readonly min?: number;
  /** At most this; no bound if absent. */
  readonly max?: number;
}

/** `T | U`: no branch is itself a union, and any value fits at most one branch. */
export interface UnionType {
  /** Which kind of type it is. */
  readonly type: "union";
  /** At least two. */
  readonly branches: readonly Type[];
}

/** `< name: type, … >`: an object with these fields and no others. */
export interface RecordType {
  /** Which kind of type it is. */
  readonly type: "record";
  /** In the order of the text. */
  readonly fields: readonly Field[];
}

/** A named message, record, enum, or recursive alias, to be found among {@link Shape.types}. */
export interface ReferenceType {
  /** Which kind of type it is. */
  readonly type: "ref";
  /** The name. */
  readonly name: string;
}

/** One field of a record. Never both optional and with a default. */
export interface Field {
  /** An identifier. */
  readonly name: string;
  /** What it holds. */
  readonly type: Type;
  /** The field may be absent. */
  readonly optional?: true;
  /** What the receiver gets where the sender left the field out. */
  readonly default?: Default;
}

/** A default's value, in JSON; a `long` stands as `{ long: "digits" }`. */
export type Default = null | boolean | number | string | { readonly long: string };

/** A message as its service uses it. The record of the same name among {@link Shape.types} says what it holds. */
export interface Message {
  /** An identifier. */
  readonly name: string;
  /** What it is called on the wire; part of the shape, so that a filtered view keeps it. */
  readonly number: number;
  /** Present where the service receives it. A reply that is nothing else has neither `receives` nor `sends`. */
  readonly receives?: Exchange;
  /** Present where the service sends it. */
  readonly sends?: Exchange;
}

/** One way of using a message: with a reply's name it is a request, answered by one such message. */
export interface Exchange {
  /** The name of the message that answers it. */
  readonly reply?: string;
}

/** What both sides must agree on: the hashed part of a definition. */
export interface Shape {
  /** The service's name, as `System/Component`. */
  readonly service: string;
  /** What a client gives on connecting. */
  readonly connect: RecordType;
  /** By number, ascending. */
  readonly messages: readonly Message[];
  /** Every named type that the service reaches, and no other. */
  readonly types: { readonly [name: string]: Type };
}

/**
 * Who may do what: the words of each `auth` clause that applies, by `connect`, `receives NAME` or `sends NAME`; what
 * the service's own `auth` clause says has been put in where nothing else was said.
 */
export type Rules = { readonly [action: string]: readonly string[] };

/** Doc comments, by `""` (the service), `Name`, `Name.field` or `Name.value`; `connect.field` for connect arguments. */
export type Docs = { readonly [path: string]: string };

/** What TypeScript knows of a message: what its sender gives, and what its receiver gets with the defaults filled in. */
export interface MessageTypes {
  /** What its sender gives. */
  readonly write: unknown;
  /** What its receiver gets. */
  readonly read: unknown;
  /** Where it is a request: the same of its reply. */
  readonly reply?: MessageTypes;
}

/** What TypeScript knows of a service: the types of its connect arguments and messages. */
export interface ServiceTypes {
  /** Its connect arguments. */
  readonly connect: MessageTypes;
  /** The messages that it receives, by name. */
  readonly receives: { readonly [name: string]: MessageTypes };
  /** The messages that it sends, by name. */
  readonly sends: { readonly [name: string]: MessageTypes };
}

/** The types of a service whose definition became known while running: any name, any fields, checked all the same. */
export interface UnknownService extends ServiceTypes {
  /** Any connect arguments. */
  readonly connect: UnknownMessage;
  /** Any messages. */
  readonly receives: { readonly [name: string]: UnknownMessage };
  /** Any messages. */
  readonly sends: { readonly [name: string]: UnknownMessage };
}

/** See {@link UnknownService}. */
export interface UnknownMessage extends MessageTypes {
  /** Any fields. */
  readonly write: { readonly [field: string]: unknown };
  /** Any fields. */
  // deno-lint-ignore no-explicit-any
  readonly read: { readonly [field: string]: any };
  /** Any fields; whether it is a request is known while running only. */
  readonly reply: {
    readonly write: { readonly [field: string]: unknown };
    // deno-lint-ignore no-explicit-any
    readonly read: { readonly [field: string]: any };
  };
}

/** A service's definition. `T` is known to the compiler alone: it lets TypeScript check what is sent and received. */
export interface Definition<T extends ServiceTypes = UnknownService> {
  /** What both sides must agree on. */
  readonly shape: Shape;
  /** What people should know; empty texts are left out. */
  readonly docs: Docs;
  /** Who may do what; known to the service alone. */
  readonly rules: Rules;
  /** Never set: carries `T`. */
  readonly "~types"?: T;
}
