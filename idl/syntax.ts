/**
 * The syntax tree of a `.msg` file. Every node has its place, and comments are kept beside the tree, so that formatting,
 * renaming and going to a definition can be built on it.
 *
 * Places are offsets into the text in UTF-16 code units, as JavaScript and language servers count; the end is exclusive.
 *
 * @module
 */

/** From where to where a node goes. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A file's syntax. What could not be read stands among the declarations as {@link BrokenNode}. */
export interface Tree {
  /** In the order of the text. */
  readonly declarations: readonly DeclarationNode[];
  /** Every comment, doc comments included, in the order of the text. */
  readonly comments: readonly Span[];
  /** Doc comments, by the offset of what follows them. */
  readonly docs: ReadonlyMap<number, Doc>;
}

/** Adjacent `///` lines: their text without the slashes, joined by line feeds. */
export interface Doc extends Span {
  readonly text: string;
}

/** What stands at the top of a file. */
export type DeclarationNode = ImportNode | RecordNode | EnumNode | AliasNode | ServiceNode | BrokenNode;

/** A name where it is declared or used. A service's has a slash in it. */
export interface Name extends Span {
  readonly text: string;
}

/** `import "./common.msg"` */
export interface ImportNode extends Span {
  readonly kind: "import";
  readonly specifier: TextNode;
}

/** `Name < field: type, … >` */
export interface RecordNode extends Span {
  readonly kind: "record";
  readonly name: Name;
  readonly fields: readonly FieldNode[];
  /** Something in it could not be read and has been left out. */
  readonly incomplete?: true;
}

/** `enum Name { value, … }` */
export interface EnumNode extends Span {
  readonly kind: "enum";
  readonly name: Name;
  readonly values: readonly Name[];
  /** Something in it could not be read and has been left out. */
  readonly incomplete?: true;
}

/** `type Name = …` */
export interface AliasNode extends Span {
  readonly kind: "alias";
  readonly name: Name;
  readonly type: TypeNode;
  /** Something in it could not be read and has been left out. */
  readonly incomplete?: true;
}

/** `service System/Component extends System/Base { … }` */
export interface ServiceNode extends Span {
  readonly kind: "service";
  readonly name: Name;
  readonly base?: Name;
  readonly auth?: AuthNode;
  readonly clauses: readonly ClauseNode[];
  /** Something in it could not be read and has been left out. */
  readonly incomplete?: true;
}

/** A declaration that could not be read. */
export interface BrokenNode extends Span {
  readonly kind: "broken";
  /** The name that it seems to declare: using that name is no further problem. */
  readonly name?: Name;
}

/** `name: type`, `name?: type` or `name: type = default` */
export interface FieldNode extends Span {
  readonly name: Name;
  readonly optional: boolean;
  readonly type: TypeNode;
  readonly default?: DefaultNode;
}

/** What a field may default to; a name stands for an enum's value, `true`, `false` or `null`. */
export type DefaultNode = TextNode | NumberNode | NameNode;

/** A type as it is written. */
export type TypeNode = NameNode | AppliedNode | UnionNode | InlineRecordNode | TextNode | NumberNode;

/** A type's name, built in or declared, perhaps with a range behind it. */
export interface NameNode extends Span {
  readonly kind: "name";
  readonly name: Name;
  readonly range?: RangeNode;
}

/** `list<T>` or `map<T>`, perhaps with a range behind it. */
export interface AppliedNode extends Span {
  readonly kind: "applied";
  readonly name: Name;
  readonly item: TypeNode;
  readonly range?: RangeNode;
}

/** `T | U` */
export interface UnionNode extends Span {
  readonly kind: "union";
  readonly branches: readonly TypeNode[];
}

/** `< field: type, … >` in the place of a type. */
export interface InlineRecordNode extends Span {
  readonly kind: "inline";
  readonly fields: readonly FieldNode[];
}

/** `"text"` */
export interface TextNode extends Span {
  readonly kind: "text";
  readonly value: string;
}

/** A number as it is written: it is for the type beside it to say what it may look like. */
export interface NumberNode extends Span {
  readonly kind: "number";
  readonly text: string;
}

/** `(min..max)`, `(min..max, /pattern/)` or `(/pattern/)` */
export interface RangeNode extends Span {
  readonly min?: NumberNode;
  readonly max?: NumberNode;
  readonly pattern?: PatternNode;
}

/** `/pattern/`: `source` is what stands between the slashes, with `\/` written as `/`. */
export interface PatternNode extends Span {
  readonly source: string;
}

/** A clause of a service. */
export type ClauseNode = ConnectNode | ExchangeNode;

/** `connect < … > auth …` */
export interface ConnectNode extends Span {
  readonly kind: "connect";
  readonly fields: readonly FieldNode[];
  readonly auth?: AuthNode;
}

/** `receives A, B -> C auth …` or `sends …` */
export interface ExchangeNode extends Span {
  readonly kind: "receives" | "sends";
  readonly uses: readonly UseNode[];
  readonly auth?: AuthNode;
}

/** `A` or `A -> B` in a clause. */
export interface UseNode extends Span {
  readonly message: Name;
  readonly reply?: Name;
}

/** `auth word, …` */
export interface AuthNode extends Span {
  readonly words: readonly Name[];
}
