/**
 * Doc comments: each describes something, or a reader of the generated code would never see it.
 *
 * @module
 */

import { DOC_HINT } from "../parse.ts";
import type { Program, SourceFile } from "../program.ts";
import type { Span } from "../syntax.ts";

/** Reports doc comments before what can't have one. */
export function checkDocs(program: Program): void {
  for (const file of program.files) {
    const described = new Set<number>();
    const lost: Span[] = [];
    for (const span of describable(file)) described.add(span.start);
    for (const node of file.tree.declarations) {
      // What could not be read may have had something to describe.
      if (node.kind === "broken" || ("incomplete" in node && node.incomplete)) lost.push(node);
    }
    let next = 0;
    for (const [start, doc] of file.tree.docs) {
      while (next < lost.length && lost[next]!.end <= start) next++;
      const isLost = next < lost.length && lost[next]!.start <= start;
      if (described.has(start) || isLost) continue;
      program.problem(file, doc, "This doc comment describes nothing.", () => DOC_HINT);
    }
  }
}

function* describable(file: SourceFile): Iterable<Span> {
  for (const node of file.tree.declarations) {
    yield node; // before an import: the file as a whole
    if (node.kind === "record") yield* node.fields;
    else if (node.kind === "enum") yield* node.values;
    else if (node.kind === "service") {
      for (const clause of node.clauses) if (clause.kind === "connect") yield* clause.fields;
    }
  }
}
