/**
 * What a runtime's test run came to: read from its JUnit report, checked against what was to be run.
 *
 * @module
 */

import { parseXml, XmlElement } from "@rgrove/parse-xml";
import { stripVTControlCharacters } from "node:util";
import { findSecrets } from "../secrets.ts";

/** How one test came out. */
export type Outcome = "passed" | "failed" | "skipped";

/** One test. */
export interface Case {
  /** The file, relative to the root; empty where the report does not tell. */
  readonly file: string;
  /** The names of its groups and its own, joined by ` > `. */
  readonly name: string;
  readonly outcome: Outcome;
}

/** How a run ended. */
export interface Ending {
  /** The files that were to be run, relative to the root. */
  readonly files: readonly string[];
  /** The process's exit code; `null` if it was ended from outside. */
  readonly code: number | null;
  /** The JUnit report; `undefined` if none was written. */
  readonly report: string | undefined;
  /** What it wrote to standard output. */
  readonly output: string;
  /** What it wrote to standard error. */
  readonly errors: string;
  /** What nobody caught, on runtimes that do not count it themselves. */
  readonly uncaught: readonly string[];
}

/** A run's tests, and everything that makes it a failure although no test failed. */
export interface Result {
  readonly cases: readonly Case[];
  /** Each counts as one more failure. */
  readonly faults: readonly string[];
}

/** The tests of a report, and the files that it mentions. */
export interface Report {
  readonly cases: readonly Case[];
  readonly files: ReadonlySet<string>;
}

/**
 * Reads a JUnit report as Deno and Bun write it.
 *
 * @param report The report's XML.
 * @returns Its tests. A group stands for its tests and isn't one itself, unless it failed though none of them did.
 * @throws {Error} When it is no well-formed XML.
 */
export function readReport(report: string): Report {
  const all: Case[] = [];
  const root = parseXml(report).root;
  if (root !== null) collect(root, "", [], all);
  const files = new Set(all.map((own) => own.file).filter((file) => file !== ""));
  const cases = all.map((own) => own.file === "" ? { ...own, file: fileOf(own, all) } : own);
  return { cases: cases.filter((own) => !isGroup(own, cases)), files };
}

function isGroup(own: Case, cases: readonly Case[]): boolean {
  const inner = cases.filter((other) => other.name.startsWith(`${own.name} > `) && other.file === own.file);
  return inner.length > 0 && (own.outcome !== "failed" || inner.some((other) => other.outcome === "failed"));
}

/** Deno files the tests within a `describe` under a module of its own, but the `describe` under its file. */
function fileOf(own: Case, cases: readonly Case[]): string {
  const groups = cases.filter((other) => other.file !== "" && own.name.startsWith(`${other.name} > `));
  const files = new Set(groups.map((group) => group.file));
  return files.size === 1 ? [...files].join("") : "";
}

/** Deno's report has a test under the file that calls `test`, which may be a helper; what it prints has the test file. */
function filesIn(output: string): ReadonlySet<string> {
  const lines = stripVTControlCharacters(output).matchAll(/^running [1-9]\d* tests? from (?:\.\/)?(.+)$/gm);
  return new Set([...lines].map(([, file = ""]) => file));
}

function collect(element: XmlElement, file: string, groups: readonly string[], cases: Case[]): void {
  for (const child of element.children) {
    if (!(child instanceof XmlElement)) continue;
    const name = child.attributes["name"] ?? "";
    if (child.name === "testsuite") {
      // Both runtimes name the outer suite after its file.
      const outer = element.name === "testsuites";
      const path = name.startsWith("ext:") ? "" : name.replace(/^\.\//, "");
      collect(child, outer ? path : file, outer ? [] : [...groups, name], cases);
    } else if (child.name === "testcase") {
      cases.push({ file, name: [...groups, name].join(" > "), outcome: outcomeOf(child) });
    }
  }
}

function outcomeOf(testcase: XmlElement): Outcome {
  const marks = testcase.children.filter((child) => child instanceof XmlElement).map((child) => child.name);
  if (marks.includes("failure") || marks.includes("error")) return "failed";
  return marks.includes("skipped") ? "skipped" : "passed";
}

/**
 * Judges a run. Exit codes alone tell too little (Deno and Bun leave with 0 when a test calls `process.exit(0)`), and
 * so do reports (neither has the files that could not be loaded). And nothing that was printed may look like a secret.
 *
 * @param ending How the run ended.
 * @returns Its tests and what else went wrong.
 * @throws {Error} When the report is no well-formed XML.
 */
export function judge(ending: Ending): Result {
  const { files, code, errors, report, output, uncaught } = ending;
  const faults = uncaught.map((text) => `Nobody caught: ${text}`);
  const printed = [output, errors, report ?? "", ...uncaught].join("\n");
  faults.push(...new Set(findSecrets(stripVTControlCharacters(printed))));
  let cases: readonly Case[] = [];
  if (report === undefined) {
    faults.push("It ended without a report.");
  } else {
    const read = readReport(report);
    cases = read.cases;
    const heard = filesIn(output);
    const silent = files.filter((file) => !read.files.has(file) && !heard.has(file));
    faults.push(...silent.map((file) => `${file}: it ran no test, or could not be loaded.`));
  }
  const failed = faults.length > 0 || cases.some((own) => own.outcome === "failed");
  if (code === null) faults.push("It was ended from outside, or took too long: look at the test that is named last.");
  else if (code !== 0 && !failed) faults.push(`It ended with exit code ${code}.`);
  return { cases, faults };
}
