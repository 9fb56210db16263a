/**
 * Problems, as editors show them, and how some of them can be mended.
 *
 * @module
 */

import {
  type CodeAction,
  CodeActionKind,
  type Diagnostic,
  DiagnosticSeverity,
  type Location,
  type Range,
} from "vscode-languageserver";
import type { Problem, Source } from "../../idl/problem.ts";
import type { Program, SourceFile } from "../../idl/program.ts";
import { suggest } from "../../idl/suggest.ts";
import type { Span } from "../../idl/syntax.ts";
import { count } from "../terminal.ts";
import { locationOf, rangeOf, uriOf } from "./places.ts";
import type { Workspace } from "./workspace.ts";

const START: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/**
 * Finds what is wrong with a file.
 *
 * @param workspace The files.
 * @param path The file.
 * @returns Its problems; what is wrong with an imported file is told at the import.
 */
export function diagnosticsOf(workspace: Workspace, path: string): Diagnostic[] {
  const { program, file } = workspace.analyse(path);
  const source = file?.source ?? workspace.source(path);
  const problems = program.problems.list();
  const own = problems.filter((problem) => problem.file === path).map((problem): Diagnostic => ({
    range: problem.source === undefined ? START : rangeOf(source, spanOf(problem)),
    severity: DiagnosticSeverity.Error,
    source: "holdfast",
    message: sentences(problem),
  }));
  const foreign = problems.filter((problem) => problem.file !== path);
  const nodes = foreign.length === 0 || file === undefined ? [] : file.tree.declarations;
  const imported = nodes.filter((node) => node.kind === "import").flatMap(({ specifier }): Diagnostic[] => {
    const behind = filesBehind(workspace, program, path, specifier.value);
    const inside = foreign.filter((problem) => behind.has(problem.file));
    if (inside.length === 0) return [];
    return [{
      range: rangeOf(source, specifier),
      severity: DiagnosticSeverity.Error,
      source: "holdfast",
      message: `What is imported here has ${count(inside.length, "problem")}.`,
      relatedInformation: inside.map((problem) => ({
        location: locationIn(behind.get(problem.file), problem),
        message: sentences(problem),
      })),
    }];
  });
  return [...own, ...imported].sort(({ range: { start: a } }, { range: { start: b } }) =>
    a.line - b.line || a.character - b.character
  );
}

/** The files that an import leads to, directly or by way of others; no source for what can't be read. */
function filesBehind(
  workspace: Workspace,
  program: Program,
  from: string,
  specifier: string,
): ReadonlyMap<string, Source | undefined> {
  const found = new Map<string, Source | undefined>();
  const open = [{ from, specifier }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const path = workspace.imported(next.from, next.specifier);
    if (path === undefined || found.has(path)) continue;
    const file = program.files.find(({ source }) => source.file === path);
    found.set(path, file?.source);
    for (const node of file?.tree.declarations ?? []) {
      if (node.kind === "import") open.push({ from: path, specifier: node.specifier.value });
    }
  }
  return found;
}

function locationIn(source: Source | undefined, problem: Problem): Location {
  if (source === undefined || problem.source === undefined) return { uri: uriOf(problem.file), range: START };
  return locationOf(source, spanOf(problem));
}

function sentences({ message, hint }: Problem): string {
  return hint === undefined ? message : `${message}\n${hint}`;
}

function spanOf({ offset, length }: Problem): Span {
  return { start: offset, end: offset + length };
}

/**
 * Finds how problems can be mended.
 *
 * @param workspace The files.
 * @param path The file.
 * @param range Where in it.
 * @param uri What the editor calls the file.
 * @returns For each problem with a guess at what was meant: to write that.
 */
export function fixesIn(workspace: Workspace, path: string, range: Span, uri: string): CodeAction[] {
  const { program, file } = workspace.analyse(path);
  if (file === undefined) return [];
  const { source } = file;
  const near = program.problems.list().filter((problem) =>
    problem.file === path && problem.offset <= range.end && range.start <= problem.offset + problem.length
  );
  return near.flatMap((problem) => {
    const meant = /^Did you mean `(.+)`\?$/.exec(problem.hint ?? "")?.[1];
    const place = meant === undefined ? undefined : misspelt(file, problem, meant);
    if (meant === undefined || place === undefined) return [];
    return [{
      title: `Change to \`${meant}\``,
      kind: CodeActionKind.QuickFix,
      isPreferred: true,
      diagnostics: [{
        range: rangeOf(source, spanOf(problem)),
        severity: DiagnosticSeverity.Error,
        source: "holdfast",
        message: sentences(problem),
      }],
      edit: { changes: { [uri]: [{ range: rangeOf(source, place), newText: meant }] } },
    }];
  });
}

/** The word that is to be replaced: that of the problem, what stands before its colon, or the word before it. */
function misspelt({ source: { text } }: SourceFile, problem: Problem, meant: string): Span | undefined {
  const { start, end } = spanOf(problem);
  const before = /[A-Za-z0-9_]+(?=\s+$)/.exec(text.slice(Math.max(0, start - 300), start));
  const words: Span[] = [{ start, end }];
  const at = text.slice(start, end);
  if (at.includes(":")) words.push({ start, end: start + at.indexOf(":") });
  if (at.startsWith('"')) words.push({ start: start + 1, end: end - 1 });
  if (before !== null) {
    const from = Math.max(0, start - 300) + before.index;
    words.push({ start: from, end: from + before[0].length });
  }
  return words.find(({ start, end }) => suggest(text.slice(start, end), [meant]) !== undefined);
}
