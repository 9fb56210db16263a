/**
 * What the words of the language mean, in a sentence or two each.
 *
 * @module
 */

/** What may stand at the top of a file, and how it goes on. */
export const DECLARATIONS: Words = words({
  import: "Makes the declarations of another file known, by a path relative to this one.",
  enum: "Lists strings: a value is one of them.",
  type: "Gives a type a name.",
  service: "A service, named `System/Component` as DIRAC does: what it receives and sends, and who may.",
});

/** What may stand in a service. */
export const CLAUSES: Words = words({
  receives: "Clients send these messages. Behind `->` stands what answers a request.",
  sends: "The service sends these messages. Behind `->` stands what answers a request.",
  connect: "What a client gives on connecting.",
  auth: "Who may. Right behind the brace it is for whatever says nothing of its own; behind a clause, for that clause.",
});

/** What may stand behind `auth`. */
export const RULES: Words = words({
  all: "Lets in everybody.",
  authenticated: "Lets in whoever has shown who they are.",
  none: "Lets in nobody. Stands alone.",
  "group:": "Restricts to a group, whatever else is listed.",
  "vo:": "Restricts to the groups of a VO.",
});

/** The rule that any other word is. */
export const PROPERTY = "Lets in who has this property; of several, any one will do.";

/** Types and values that need no declaration. */
export const BUILTINS: Words = words({
  bool: "`true` or `false`. In TypeScript: `boolean`.",
  int: "A whole number within ±(2^53−1). In TypeScript: `number`.",
  long: "A whole number of any size. In TypeScript: `bigint`.",
  float: "A number of 64 bits, NaN and the infinities included. In TypeScript: `number`.",
  string: "Text: valid Unicode. A range bounds its length in code points. In TypeScript: `string`.",
  bytes: "Bytes; a range bounds how many. In TypeScript: `Uint8Array`.",
  timestamp: "A moment, to the millisecond, UTC. In TypeScript: `Date`.",
  any: "Null, booleans, numbers, bigints, strings, bytes, timestamps, and lists and string-keyed maps of these.",
  null: "Exactly this value. An optional field is written `name?: type`.",
  true: "Exactly this value.",
  false: "Exactly this value.",
  list: "A list; a range bounds how many items there are. In TypeScript: `T[]`.",
  map: "A map from strings; a range bounds how many entries there are. In TypeScript: `Record<string, T>`.",
});

/** What words mean. */
export type Words = ReadonlyMap<string, string>;

function words(meanings: { readonly [word: string]: string }): Words {
  return new Map(Object.entries(meanings));
}
