/**
 * What the checks know of all files together. Each pass of `check.ts` adds what it finds out, in the order of the table
 * there, and later passes build on it.
 *
 * @module
 */

import type { Default, Field, ReferenceType, Type } from "./definition.ts";
import type { Problems, Source } from "./problem.ts";
import type {
  AliasNode,
  BrokenNode,
  EnumNode,
  FieldNode,
  ImportNode,
  Name,
  RecordNode,
  ServiceNode,
  Span,
  Tree,
  TypeNode,
  UnionNode,
} from "./syntax.ts";

/** One file, parsed. */
export interface SourceFile {
  readonly source: Source;
  readonly tree: Tree;
  /** What its imports lead to, in order, each file once; what could not be loaded is left out. */
  readonly imports: ResolvedImport[];
  /** An import could not be loaded: any name may come from there. */
  open: boolean;
  /** What can be named in it: its own declarations and those of the files that it imports. */
  readonly types: Map<string, NamedType>;
  readonly services: Map<string, NamedService>;
  /** What is named in it. */
  readonly used: Set<NamedType>;
}

/** An import, and the file that it leads to. */
export interface ResolvedImport {
  readonly node: ImportNode;
  readonly file: SourceFile;
}

/** A declared record, enum or alias. */
export interface NamedType {
  readonly file: SourceFile;
  readonly name: Name;
  readonly node: RecordNode | EnumNode | AliasNode | BrokenNode;
  /** Its name among the types of all files: two files may declare the same name. */
  readonly key: string;
  /** All references to it: one value, so that types that are written out large are not large in memory. */
  readonly ref: ReferenceType;
  /** Something in it could not be read or made sense of: what depends on its details is not judged. */
  incomplete: boolean;
  /** Only for aliases: what it is just another name for. */
  same?: NamedType;
  /** Only for aliases: it leads back to itself, so its uses are not written out but refer to it. */
  recursive?: boolean;
  /** Its type, written out: without aliases, but for those that are recursive. */
  type?: Type;
}

/** A declared service. */
export interface NamedService {
  readonly file: SourceFile;
  readonly name: Name;
  readonly node: ServiceNode | BrokenNode;
  /** What it comes to together with its base; absent where that could not be found out. */
  resolved?: ResolvedService;
  /** The messages, records, enums and recursive aliases that it reaches. */
  reached?: ReadonlySet<NamedType>;
}

/** A service with what it takes over from its base. */
export interface ResolvedService {
  readonly connect?: Connect;
  /** What the service's own `auth` clause says. */
  readonly auth?: readonly string[];
  /** By direction and name (`receives Ping`), in the order of first mention. */
  readonly uses: ReadonlyMap<string, Use>;
}

/** What a client gives on connecting. */
export interface Connect {
  readonly file: SourceFile;
  readonly fields: readonly FieldNode[];
  readonly type: Type;
  readonly auth?: readonly string[];
}

/** One way of using a message. */
export interface Use {
  readonly direction: "receives" | "sends";
  readonly message: NamedType;
  readonly reply?: NamedType;
  readonly auth?: readonly string[];
}

/** A union as it stands in the text, to be judged when all types are known. */
export interface WrittenUnion {
  readonly file: SourceFile;
  readonly branches: readonly WrittenBranch[];
}

/** A branch, and the node that it comes from: a name may stand for several branches. */
export interface WrittenBranch {
  readonly type: Type;
  readonly node: TypeNode;
}

/** A default as it stands in the text, to be judged when all types are known. */
export interface WrittenDefault {
  readonly file: SourceFile;
  readonly node: FieldNode;
  readonly type: Type;
  /** The field, which lacks its default until then. */
  readonly field: Field;
}

/**
 * How many types may be written out in one run, in all. Aliases of aliases can come to more than any machine holds
 * (`type B = list<A> | map<A>`, and so on); so can services that take over each other's messages.
 */
const MAX_WRITTEN = 1_000_000;

/** What the checks know of all files together. */
export class Program {
  readonly files: readonly SourceFile[];
  readonly problems: Problems;
  /** All records, enums and aliases, in the order of files and texts. */
  readonly types: NamedType[] = [];
  readonly services: NamedService[] = [];
  /** Records, enums and recursive aliases by their keys. */
  readonly byKey: Map<string, NamedType> = new Map();
  /** The same, as the rules want it. */
  readonly written: { [key: string]: Type } = Object.create(null);
  /** Aliases in an order in which each can be written out when those before it have been. */
  aliases: readonly NamedType[] = [];
  readonly unions: WrittenUnion[] = [];
  readonly defaults: WrittenDefault[] = [];
  /** Unions in which `int` and `long` meet by way of an alias, so that only written out do they become one. */
  readonly mergedUnions: Map<UnionNode, Type> = new Map();
  /** What the defaults of fields came to. */
  readonly values: Map<FieldNode, Default> = new Map();
  #left = MAX_WRITTEN;

  constructor(files: readonly SourceFile[], problems: Problems) {
    this.files = files;
    this.problems = problems;
  }

  /** Takes note of a problem; see {@link Problems.add}. */
  problem(file: SourceFile, place: Span, message: string | (() => string), hint?: () => string | undefined): void {
    this.problems.add(file.source, place, message, hint);
  }

  /**
   * Counts what is written out.
   *
   * @returns Whether it may be; if not, the first to go too far has been told.
   */
  spend(count: number, file: SourceFile, place: Span): boolean {
    if (this.#left < 0) return false;
    this.#left -= count;
    if (this.#left >= 0) return true;
    const message = `Up to here there are more than ${MAX_WRITTEN} types, with aliases and bases written out.`;
    this.problem(file, place, message, () => "Make records of the aliases that are used most, or divide the files.");
    return false;
  }
}
