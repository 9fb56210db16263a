// Made from recursion.msg by Holdfast's compiler. Change that file, not this one.
import { defineService, type Definition, Schema } from "holdfast";

/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The TypeBox schema of {@link Json}. */
export const Json: Schema.Of<Json> = Schema.Cyclic(
  {
    Json: Schema.Union([
      Schema.Literal(null),
      Schema.Bool(),
      Schema.Float(),
      Schema.Text(),
      Schema.List(Schema.Ref<Json>("Json")),
      Schema.Dict(Schema.Ref<Json>("Json")),
    ]),
  },
  "Json",
);

/** A list, one element after the other. */
export interface Node {
  value: number;
  next?: Node | undefined;
}

/** The TypeBox schema of {@link Node}. */
export const Node: Schema.Of<Node> = Schema.Cyclic(
  { Node: Schema.Fields({ value: Schema.Int(), next: Schema.Optional(Schema.Ref<Node>("Node")) }) },
  "Node",
);

/** Two kinds that hold each other. */
export interface Folder {
  kind: "folder";
  name: string;
  entries: Entry[];
}

/** These refer to each other. */
const Folder$circle = {
  Folder: Schema.Fields({
    kind: Schema.Literal("folder"),
    name: Schema.Text(),
    entries: Schema.List(Schema.Ref<Entry>("Entry")),
  }),
  Entry: Schema.Union([Schema.Ref<Folder>("Folder"), Schema.Ref<Link>("Link")]),
  Link: Schema.Fields({
    target: Schema.Text(),
    parent: Schema.Optional(Schema.Ref<Folder>("Folder")),
    kind: Schema.Literal("link"),
  }),
};

/** The TypeBox schema of {@link Folder}. */
export const Folder: Schema.Of<Folder> = Schema.Cyclic(Folder$circle, "Folder");

export type Entry = Folder | Link;

/** The TypeBox schema of {@link Entry}. */
export const Entry: Schema.Of<Entry> = Schema.Cyclic(Folder$circle, "Entry");

export interface Link {
  target: string;
  parent?: Folder | undefined;
  kind: "link";
}

/** The TypeBox schema of {@link Link}. */
export const Link: Schema.Of<Link> = Schema.Cyclic(Folder$circle, "Link");

export interface Branch {
  left?: Branch | null | undefined;
  right?: Leaf | null | undefined;
  weight: number;
}

/** What a sender gives for {@link Branch}: what has a default may be left out. */
export interface BranchInput {
  left?: BranchInput | null | undefined;
  right?: LeafInput | null | undefined;
  /** @default 1 */
  weight?: number | undefined;
}

/** These refer to each other. */
const Branch$circle = {
  Branch: Schema.Fields({
    left: Schema.Optional(Schema.Union([Schema.Ref<BranchInput>("Branch"), Schema.Literal(null)])),
    right: Schema.Optional(Schema.Union([Schema.Ref<LeafInput>("Leaf"), Schema.Literal(null)])),
    weight: Schema.Default(Schema.Int(), 1),
  }),
  Leaf: Schema.Fields({ branch: Schema.Optional(Schema.Ref<BranchInput>("Branch")), json: Json }),
};

/** The TypeBox schema of {@link BranchInput}. */
export const Branch: Schema.Of<BranchInput> = Schema.Cyclic(Branch$circle, "Branch");

export interface Leaf {
  branch?: Branch | undefined;
  json: Json;
}

/** What a sender gives for {@link Leaf}: what has a default may be left out. */
export interface LeafInput extends Omit<Leaf, "branch"> {
  branch?: BranchInput | undefined;
}

/** The TypeBox schema of {@link LeafInput}. */
export const Leaf: Schema.Of<LeafInput> = Schema.Cyclic(Branch$circle, "Leaf");

/** Uses the circles from outside. */
export interface Document {
  root: Node;
  tree: Branch;
  files: Entry[];
  data: Json;
}

/** What a sender gives for {@link Document}: what has a default may be left out. */
export interface DocumentInput extends Omit<Document, "tree"> {
  tree: BranchInput;
}

/** The TypeBox schema of {@link DocumentInput}. */
export const Document: Schema.Of<DocumentInput> = Schema.Fields({
  root: Node,
  tree: Branch,
  files: Schema.List(Entry),
  data: Json,
});

/** The types of what Test/Recursion is told and tells. */
export interface RecursionTypes {
  connect: { write: Record<string, never>; read: Record<string, never> };
  receives: {
    Document: { write: DocumentInput; read: Document };
    Leaf: { write: LeafInput; read: Leaf };
  };
  sends: Record<never, never>;
}

/** The service Test/Recursion. */
export const Recursion: Definition<RecursionTypes> = defineService({
  shape: {
    service: "Test/Recursion",
    connect: { type: "record", fields: [] },
    messages: [{ name: "Document", number: 0, receives: {} }, { name: "Leaf", number: 1, receives: {} }],
    types: {
      Document: {
        type: "record",
        fields: [
          { name: "root", type: { type: "ref", name: "Node" } },
          { name: "tree", type: { type: "ref", name: "Branch" } },
          {
            name: "files",
            type: {
              type: "list",
              items: { type: "union", branches: [{ type: "ref", name: "Folder" }, { type: "ref", name: "Link" }] },
            },
          },
          { name: "data", type: { type: "ref", name: "Json" } },
        ],
      },
      Leaf: {
        type: "record",
        fields: [
          { name: "branch", type: { type: "ref", name: "Branch" }, optional: true },
          { name: "json", type: { type: "ref", name: "Json" } },
        ],
      },
      Node: {
        type: "record",
        fields: [
          { name: "value", type: { type: "int" } },
          { name: "next", type: { type: "ref", name: "Node" }, optional: true },
        ],
      },
      Branch: {
        type: "record",
        fields: [
          {
            name: "left",
            type: { type: "union", branches: [{ type: "ref", name: "Branch" }, { type: "literal", value: null }] },
            optional: true,
          },
          {
            name: "right",
            type: { type: "union", branches: [{ type: "ref", name: "Leaf" }, { type: "literal", value: null }] },
            optional: true,
          },
          { name: "weight", type: { type: "int" }, default: 1 },
        ],
      },
      Folder: {
        type: "record",
        fields: [
          { name: "kind", type: { type: "literal", value: "folder" } },
          { name: "name", type: { type: "string" } },
          {
            name: "entries",
            type: {
              type: "list",
              items: { type: "union", branches: [{ type: "ref", name: "Folder" }, { type: "ref", name: "Link" }] },
            },
          },
        ],
      },
      Link: {
        type: "record",
        fields: [
          { name: "target", type: { type: "string" } },
          { name: "parent", type: { type: "ref", name: "Folder" }, optional: true },
          { name: "kind", type: { type: "literal", value: "link" } },
        ],
      },
      Json: {
        type: "union",
        branches: [
          { type: "literal", value: null },
          { type: "bool" },
          { type: "float" },
          { type: "string" },
          { type: "list", items: { type: "ref", name: "Json" } },
          { type: "map", values: { type: "ref", name: "Json" } },
        ],
      },
    },
  },
  docs: {
    Document: "Uses the circles from outside.",
    Node: "A list, one element after the other.",
    Folder: "Two kinds that hold each other.",
    Json: "Any JSON value.",
  },
  rules: { "receives Document": ["all"], "receives Leaf": ["all"] },
});
