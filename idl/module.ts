/**
 * What the checker makes of `.msg` files: one {@link Module} a file, free of problems. The compiler writes code from it;
 * the {@link Definition} of each service in it is what runs.
 *
 * @module
 */

import type { Definition, Type } from "./definition.ts";

/** One checked file. */
export interface Module {
  /** The file's path, as it was given or as an import led to it. */
  readonly file: string;
  /** The files that it imports, in order. */
  readonly imports: readonly Import[];
  /** Its messages, records, enums and aliases, in the order of the text. */
  readonly declarations: readonly Declaration[];
  /** Its services, in the order of the text. */
  readonly services: readonly Service[];
}

/** One `import` line. */
export interface Import {
  /** The path as it is written, relative to the importing file. */
  readonly specifier: string;
  /** The file it leads to: the {@link Module.file} of another module. */
  readonly file: string;
  /** The names of that file that this file uses, sorted. */
  readonly names: readonly string[];
}

/** A named declaration. References in `type` name declarations of this file or of an imported one, aliases included. */
export interface Declaration {
  readonly kind: "record" | "enum" | "alias";
  readonly name: string;
  /** Doc comments: `""` for the declaration itself, `name` for a field or an enum's value. */
  readonly docs: { readonly [path: string]: string };
  readonly type: Type;
}

/** A service of a file: all that it takes over from its base is in `definition`. */
export interface Service {
  /** As `System/Component`. */
  readonly name: string;
  /** Its own doc comment. */
  readonly doc?: string;
  readonly definition: Definition;
}
