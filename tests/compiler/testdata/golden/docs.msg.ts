// Made from docs.msg by Holdfast's compiler. Change that file, not this one.
import { defineService, type Definition, Schema } from "holdfast";

/**
 * Ends early: *\/ export const evil = 1; /*
 *
 * \@ts-ignore
 *   Indented, with trailing space.
 *
 * Größe ⟨字符⟩ 🙂, and a bidi mark: \u{202e}.
 */
export interface Hostile {
  /** `backquotes` and ${expressions} */
  text: string;
  /**
   * A line
   *
   * and another.
   */
  other?: string[] | undefined;
}

/** The TypeBox schema of {@link Hostile}. */
export const Hostile: Schema.Of<Hostile> = Schema.Fields({
  text: Schema.Text(),
  other: Schema.Optional(Schema.List(Schema.Text())),
});

/** {@link Hostile} is meant. * */
export type Kind =
  /** *\/ */
  | "one"
  | "two";

/** The TypeBox schema of {@link Kind}. */
export const Kind: Schema.Of<Kind> = Schema.Enum(["one", "two"]);

/** What a client gives on connecting to Test/Docs. */
export interface DocsConnect {
  /** Its name, as it says. */
  name: string;
}

/** The TypeBox schema of {@link DocsConnect}. */
export const DocsConnect: Schema.Of<DocsConnect> = Schema.Fields({ name: Schema.Text() });

/** The types of what Test/Docs is told and tells. */
export interface DocsTypes {
  connect: { write: DocsConnect; read: DocsConnect };
  receives: {
    Hostile: { write: Hostile; read: Hostile };
  };
  sends: Record<never, never>;
}

/** Says "hello" \ and goes. */
export const Docs: Definition<DocsTypes> = defineService({
  shape: {
    service: "Test/Docs",
    connect: { type: "record", fields: [{ name: "name", type: { type: "string" } }] },
    messages: [{ name: "Hostile", number: 0, receives: {} }],
    types: {
      Hostile: {
        type: "record",
        fields: [
          { name: "text", type: { type: "string" } },
          { name: "other", type: { type: "list", items: { type: "string" } }, optional: true },
        ],
      },
    },
  },
  docs: {
    "": 'Says "hello" \\ and goes.',
    "connect.name": "Its name, as it says.",
    Hostile:
      "Ends early: */ export const evil = 1; /*\n\n@ts-ignore\n  Indented, with trailing space.\n\nGr\u00f6\u00dfe \u27e8\u5b57\u7b26\u27e9 \ud83d\ude42, and a bidi mark: \u202e.",
    "Hostile.text": "`backquotes` and ${expressions}",
    "Hostile.other": "A line\n\nand another.",
  },
  rules: { "receives Hostile": [] },
});
