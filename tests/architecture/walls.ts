/**
 * The walls of the house (`ARCHITECTURE.md`), as a table: each looks at a tree of files and says where it is broken.
 *
 * @module
 */

import { cyclesOf, importsOf } from "./tree.ts";
import type { Files } from "./tree.ts";

/** One rule on the whole tree. */
export interface Wall {
  readonly name: string;
  /** Where the rule is broken; empty if it holds. */
  readonly breaches: (files: Files, dependencies: ReadonlySet<string>) => readonly string[];
}

/**
 * Of `idl/`, what may run in a service or a client: neither the parser nor the checker. How problems are told
 * (`problem.ts`, `suggest.ts`, which import neither) is the same for a registry as for a `.msg` file.
 */
const RUNTIME_IDL = /^idl\/(definition|diset|resolve|validate|rules|pattern|canonical|view|problem|suggest)\.ts$/;

/** Imported by all of `runtime/`, and so importing nothing of it but each other. */
const SMALL = /^runtime\/(limits|errors|clock|queue|backoff|promises)\.ts$/;

/** What stands on sessions, wires and transports, and so is imported by none of them. */
const UPPER =
  /^runtime\/(connection|describe|diset|dispatch|authorization|credentials|monitoring|reconnector|(server|service|client)(_[a-z]+)*)(\.ts$|\/)/;

/** Who chooses a transport; `runtime.ts` is the adapter for the runtime at hand. */
const CHOOSES_TRANSPORT =
  /^(runtime\/(server|client|describe)(\.ts$|\/)|runtime\/transport\/|mod\.ts$|(tests|examples|bench)\/)/;

/** What users get: the rest is for those who work on Holdfast. `idl/gen.ts` makes the parser. */
const SHIPPED = /^(mod\.ts$|(idl|compiler|runtime)\/(?!gen\.ts$))/;

const GENERATED = /^idl\/parser\.|\.msg\.ts$/;

/** Longer than the rule allows, each for a reason. */
const LONG: ReadonlyMap<string, number> = new Map([
  // What users see of a client, in one place: more than half of it says what its methods do.
  ["runtime/client.ts", 350],
  // The same for a line: all that reads, writes and watches one, and shares its state.
  ["runtime/connection.ts", 365],
  // One method for each thing that can happen to a session; what they do is in the files beside it.
  ["runtime/session/session.ts", 385],
]);

/** No file in `from` may import one in `to`, but those in `except`. */
function wall(name: string, from: RegExp, to: RegExp, except?: RegExp): Wall {
  return {
    name,
    breaches: (files) =>
      importsOf(files)
        .filter((one) => from.test(one.from) && one.to !== undefined && to.test(one.to) && !except?.test(one.to))
        .map((one) => `${one.from} imports ${one.to}`),
  };
}

/** What each file says about itself. */
function each(name: string, breach: (path: string, text: string) => string | undefined): Wall {
  return {
    name,
    breaches: (files) =>
      [...files].flatMap(([path, text]) => {
        const found = GENERATED.test(path) ? undefined : breach(path, text);
        return found === undefined ? [] : [`${path}: ${found}`];
      }),
  };
}

/** What each import says. */
function imported(
  name: string,
  isBreach: (from: string, specifier: string, known: ReadonlySet<string>) => boolean,
): Wall {
  return {
    name,
    breaches: (files, dependencies) =>
      importsOf(files)
        .filter(({ from, specifier }) => isBreach(from, specifier, dependencies))
        .map(({ from, specifier }) => `${from} imports ${specifier}`),
  };
}

/** Every wall. */
export const WALLS: readonly Wall[] = [
  wall("idl/ imports nothing outside itself", /^idl\//, /^(?!idl\/)/),
  wall("runtime/ knows of idl/ neither parser nor checker", /^runtime\//, /^idl\//, RUNTIME_IDL),
  wall(
    "compiler/ stands on idl/; only its commands use Holdfast too",
    /^compiler\//,
    /^(?!idl\/|compiler\/)/,
    /^mod\.ts$/,
  ),
  wall("compiler/ uses Holdfast in its commands only", /^compiler\/(?!commands\/)/, /^mod\.ts$/),
  wall("runtime/ stands on idl/ and itself", /^runtime\//, /^(?!idl\/|runtime\/)/),
  wall("shipped code imports no tests, examples, measurements or tools", SHIPPED, /^(tests|examples|bench|\.ci)\//),
  wall("nothing shipped imports compiler/", /^(mod\.ts$|idl\/|runtime\/)/, /^compiler\//),
  wall("the small files stand on each other only", SMALL, /^runtime\//, SMALL),
  wall("wires and sessions know no transport", /^runtime\/(wire|session)\//, /^runtime\/transport\//),
  wall("wires know no session", /^runtime\/wire\//, /^runtime\/session\//),
  wall("transports know no wire and no session", /^runtime\/transport\//, /^runtime\/(wire|session)\//),
  wall("wires, sessions and transports know nothing above them", /^runtime\/(wire|session|transport)\//, UPPER),
  wall("what the wires share knows neither", /^runtime\/wire\/(values\/|[^/]+$)/, /^runtime\/wire\/(native|diset)\//),
  wall("the native wire doesn't import the other", /^runtime\/wire\/native\//, /^runtime\/wire\/diset\//),
  wall("the original's wire doesn't import the other", /^runtime\/wire\/diset\//, /^runtime\/wire\/native\//),
  {
    name: "only server, client and describe choose a transport",
    breaches: (files) =>
      importsOf(files)
        .filter(({ from, to }) => !CHOOSES_TRANSPORT.test(from) && to?.startsWith("runtime/transport/"))
        .filter(({ to }) => to !== "runtime/transport/transport.ts")
        .map(({ from, to }) => `${from} imports ${to}`),
  },
  {
    name: "a folder's mod.ts is for those outside the folder",
    breaches: (files) =>
      importsOf(files)
        .filter(({ from, to }) => to?.endsWith("/mod.ts") && from.startsWith(to.slice(0, -"mod.ts".length)))
        .map(({ from, to }) => `${from} imports ${to}`),
  },
  { name: "no import cycles", breaches: (files) => cyclesOf(files).map((cycle) => cycle.join(" imports ")) },
  imported(
    "imports name a file with its ending, or a package by its bare name",
    (_, specifier) => specifier.startsWith(".") ? !/\.[jt]s$/.test(specifier) : /^(?!node:)[a-z]+:|^\//.test(specifier),
  ),
  imported("shipped code imports only packages that users get too", (from, specifier, dependencies) => {
    if (!SHIPPED.test(from) || specifier.startsWith(".") || specifier.startsWith("node:")) return false;
    return !dependencies.has(specifier.split("/").slice(0, specifier.startsWith("@") ? 2 : 1).join("/"));
  }),
  each(
    "mod.ts lists every name",
    (path, text) => path === "mod.ts" && /^export \* from/m.test(text) ? "`export *` hides what is public" : undefined,
  ),
  each("300 lines a file at the most, 400 in tests", (path, text) => {
    const lines = text.split("\n").length - 1;
    const most = LONG.get(path) ?? (path.startsWith("tests/") ? 400 : 300);
    return lines > most ? `${lines} lines` : undefined;
  }),
  each(
    "files and folders are named in snake_case",
    (path) =>
      /^(\.ci\/)?([a-z0-9]+(_[a-z0-9]+)*\/)*[a-z0-9]+(_[a-z0-9]+)*(\.[a-z]+)+$/.test(path) ? undefined : "rename it",
  ),
  each(
    "runtime/ has no variables at module level",
    (path, text) =>
      path.startsWith("runtime/") && /^(export )?(let|var)\b/m.test(text) ? "make it part of a value" : undefined,
  ),
  each(
    "tests are skipped by an option, as Deno counts one that skips itself as passed",
    (path, text) =>
      path.startsWith("tests/") && /^\s*(return )?(t|context|ctx)\.skip\(/m.test(text) ? "use { skip: … }" : undefined,
  ),
];
