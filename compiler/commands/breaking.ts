/**
 * `holdfast breaking`: which changes break whom.
 *
 * @module
 */

import { type Command, Option } from "commander";
import { existsSync } from "node:fs";
import process from "node:process";
import { breaks, compareShapes, type Verdict } from "../../idl/breaking.ts";
import type { Definition } from "../../idl/definition.ts";
import type { Problem } from "../../idl/mod.ts";
import type { Module } from "../../idl/module.ts";
import type { Misfit } from "../../idl/resolve.ts";
import { loadFiles } from "../compile.ts";
import { loadRevision } from "../git.ts";
import { interruptible } from "../interrupt.ts";
import { problemData, report } from "../report.ts";
import { CommandError, count, EXIT_OK, EXIT_PROBLEMS, say, sayJson } from "../terminal.ts";
import { addTrust, type TrustOptions } from "./live/options.ts";

/** Who is replaced first: whom a change may not break. */
type Order = "any" | "services-first" | "clients-first";

interface Options extends TrustOptions {
  readonly against: string;
  readonly order: Order;
  readonly json?: true;
}

/** A service, before and after. */
interface Comparison {
  readonly service: string;
  /** Absent where there is no such service any more. */
  readonly verdicts?: readonly Verdict[];
}

/**
 * Adds the command.
 *
 * @param program What to add it to.
 */
export function addBreaking(program: Command): void {
  const command = program.command("breaking")
    .summary("tell which changes of .msg files break whom")
    .description("Compares services with what they were, and tells which clients and services do not fit any more.")
    .argument("[files...]", ".msg files, or folders to look through for them (default: the current folder)")
    .requiredOption("--against <what>", "what they were: a file, a folder, a git revision, or a live service's URL")
    .addOption(
      new Option("--order <order>", "who is replaced first: only what breaks then makes it fail")
        .choices(["any", "services-first", "clients-first"]).default("any"),
    )
    .option("--json", "write the verdicts to standard output, as JSON")
    .addHelpText("after", "\nExample:\n  holdfast breaking --against main services");
  addTrust(command).action((paths: string[], options: Options) =>
    interruptible(async (signal) => {
      process.exitCode = await tellBreaking(paths.length > 0 ? paths : ["."], options, signal);
    })
  );
}

async function tellBreaking(paths: readonly string[], options: Options, signal: AbortSignal): Promise<number> {
  const { against, json, order } = options;
  const now = loadFiles(paths);
  const isLive = /^[a-z]+:\/\//i.test(against);
  const before = isLive ? undefined : existsSync(against) ? loadFiles([against]) : loadRevision(against, paths);
  const problems = [...now.problems, ...before?.problems ?? []];
  if (problems.length > 0) return tellProblems(problems, json === true);
  const next = servicesOf(now.modules);
  const old = before === undefined ? await liveService(options, next, signal) : servicesOf(before.modules);
  if (old.size === 0) throw new CommandError(`there is no service in ${against} to compare with.`, EXIT_PROBLEMS);
  const comparisons = [...old].map(([service, { shape }]): Comparison => {
    const after = next.get(service);
    return { service, ...(after && { verdicts: compareShapes(shape, after.shape) }) };
  });
  const isBreaking = comparisons.some(({ verdicts }) =>
    verdicts === undefined || verdicts.some((verdict) => counts(verdict, order) && breaks(verdict))
  );
  if (json) sayJson({ breaking: isBreaking, services: comparisons.map(data) });
  else say([...comparisons.flatMap(text), summary(comparisons, isBreaking, order)].join("\n"));
  return isBreaking ? EXIT_PROBLEMS : EXIT_OK;
}

function tellProblems(problems: readonly Problem[], json: boolean): number {
  if (json) sayJson({ problems: problemData(problems) });
  else report(problems);
  return EXIT_PROBLEMS;
}

function servicesOf(modules: readonly Module[]): Map<string, Definition> {
  return new Map(
    modules.flatMap(({ services }) => services.map(({ name, definition }) => [name, definition] as const)),
  );
}

/** What a live service tells: the one that the URL names. */
async function liveService(
  { against, ...trust }: Options,
  next: ReadonlyMap<string, Definition>,
  signal: AbortSignal,
): Promise<Map<string, Definition>> {
  const { ask } = await import("./live/ask.ts");
  const definition = await ask(against, trust, signal);
  const { service } = definition.shape;
  if (next.has(service)) return new Map([[service, definition]]);
  const there = [...next.keys()].join(", ") || "none";
  throw new CommandError(`the files have no service ${service}: there is ${there}.`, EXIT_PROBLEMS);
}

/** Whether clients and services meet in this way, where they are replaced in that order. */
function counts({ clients }: Verdict, order: Order): boolean {
  return order === "any" || (clients === "old") === (order === "services-first");
}

function data({ service, verdicts }: Comparison): unknown {
  if (verdicts === undefined) return { service, removed: true };
  return {
    service,
    verdicts: verdicts.map(({ clients, connect, broken, added }) => ({
      ...{ clients, services: clients === "old" ? "new" : "old", connect, broken, added },
    })),
  };
}

function text({ service, verdicts }: Comparison): string[] {
  if (verdicts === undefined) return [`${service}: there is no such service any more.`, ""];
  const lines = verdicts.flatMap((verdict) => {
    const { clients, connect, broken, added } = verdict;
    const found = [
      ...(connect.length > 0 ? ["    can't connect", ...listed(connect)] : []),
      ...broken.flatMap((misfit) => [`    ${sentence(misfit)}`, ...listed(misfit.problems)]),
      ...added.map((misfit) => `    ${sentence(misfit)} yet: it is new`),
    ];
    const services = clients === "old" ? "new" : "old";
    return found.length === 0
      ? []
      : [`  clients of the ${clients} definition, at services of the ${services}:`, ...found];
  });
  return lines.length === 0 ? [] : [`${service}:`, ...lines, ""];
}

function sentence({ message, direction }: Misfit): string {
  return direction === "receives" ? `can't send ${message}` : `can't be sent ${message}`;
}

function listed(problems: readonly string[]): string[] {
  return problems.map((problem) => `      ${problem}`);
}

function summary(comparisons: readonly Comparison[], isBreaking: boolean, order: Order): string {
  const services = count(comparisons.length, "service");
  if (isBreaking) return `breaking: ${services} compared`;
  return `nothing breaks${order === "any" ? "" : `, ${order.replace("-", " ")}`}: ${services} compared`;
}
