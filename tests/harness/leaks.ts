/**
 * Finds what a test leaves behind, in ways that work on every runtime: the global timers and `Promise` are replaced by
 * ones that remember who is still waiting, and the process's TCP sockets are read from the system where it tells.
 *
 * The runners don't do this: both let a leaked socket pass.
 *
 * @module
 */

import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Something that is still there. */
export interface Leftover {
  /** What, in words. */
  readonly what: string;
  /** The line of this project that made it; `undefined` if that is not known. */
  readonly origin: string | undefined;
}

/** What was made since a certain moment and is still there. */
export interface Watch {
  /** All that is left, sockets included. */
  leftovers(): Leftover[];
  /** Ends the watch. */
  stop(): void;
}

/** Where the project's files are; in a bundle no line tells its file, so that timers and promises go uncounted. */
const ROOT = /tests\/harness\/leaks\.ts$/.test(import.meta.url)
  ? fileURLToPath(new URL("../../", import.meta.url))
  : undefined;

const ASIDE = /^(tests\/harness(\.ts|\/\w+\.ts)|runtime\/promises\.ts)/;

/** One for the process: a runner may load this module anew for each file, the globals are replaced once. */
const state: { watched: Set<Leftover> | undefined } = install();

/**
 * Starts to watch. One watch at a time, since a timer does not tell which test it belongs to.
 *
 * @returns The watch.
 * @throws {Error} When another one is going on.
 */
export function watch(): Watch {
  if (state.watched !== undefined) throw new Error("Another test is still running: checked tests run one by one.");
  const watched = state.watched = new Set<Leftover>();
  const before = new Set(sockets());
  return {
    leftovers: () => [
      ...watched,
      ...describe(sockets().filter((socket) => !before.has(socket))),
    ],
    stop: () => void (state.watched = undefined),
  };
}

/**
 * Finds the line of this project that is being executed. The harness is set aside, and helpers that make promises for
 * others.
 *
 * @returns As `runtime/clock.ts:31`; `undefined` if none is on the stack.
 */
export function origin(): string | undefined {
  if (ROOT === undefined) return undefined;
  for (const line of stack().split("\n")) {
    const at = line.indexOf(ROOT);
    if (at < 0 || line.includes("node_modules")) continue;
    const place = line.slice(at + ROOT.length).replace(/:\d+\)?$/, "");
    if (!ASIDE.test(place)) return place;
  }
  return undefined;
}

/** More than the ten lines that a stack usually has: libraries lie in between. */
function stack(): string {
  const usual = Error.stackTraceLimit;
  Error.stackTraceLimit = 50;
  try {
    return new Error().stack ?? "";
  } finally {
    Error.stackTraceLimit = usual;
  }
}

/** The process's sockets, each by its inode; none where the system has no `/proc`. */
function sockets(): string[] {
  try {
    return readdirSync("/proc/self/fd").flatMap((fd) => /^socket:\[(\d+)\]$/.exec(link(fd))?.[1] ?? []);
  } catch {
    return [];
  }
}

/** Those that are TCP: runtimes have others, for themselves. */
function describe(inodes: readonly string[]): Leftover[] {
  if (inodes.length === 0) return [];
  const tables = ["tcp", "tcp6"].map((name) => readFileSync(`/proc/self/net/${name}`, "utf8"));
  return tables.join("\n").split("\n").flatMap((line) => {
    const row = line.trim().split(/\s+/);
    if (!inodes.includes(row[9]!)) return [];
    const [local, remote] = [port(row[1]), port(row[2])];
    const what = remote === 0 ? `a socket that listens on port ${local}` : `a socket from port ${local} to ${remote}`;
    return [{ what, origin: undefined }];
  });
}

function link(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    // Closed meanwhile.
    return "";
  }
}

function port(address: string | undefined): number {
  return Number.parseInt(address?.split(":")[1] ?? "0", 16);
}

function install(): { watched: Set<Leftover> | undefined } {
  const key = Symbol.for("holdfast.tests.leaks");
  const globals = globalThis as unknown as Record<symbol, { watched: Set<Leftover> | undefined } | undefined>;
  const installed = globals[key];
  if (installed !== undefined) return installed;
  const fresh: { watched: Set<Leftover> | undefined } = { watched: undefined };
  globals[key] = fresh;
  replaceTimer("setTimeout", "clearTimeout", true);
  replaceTimer("setInterval", "clearInterval", false);
  replaceTimer("setImmediate", "clearImmediate", true);
  replacePromise();
  return fresh;

  function add(what: string, counts: (origin: string) => boolean): () => void {
    const set = fresh.watched;
    const place = set === undefined ? undefined : origin();
    if (set === undefined || place === undefined || !counts(place)) return () => {};
    const leftover = { what, origin: place };
    set.add(leftover);
    return () => set.delete(leftover);
  }

  function replaceTimer(setName: string, clearName: string, once: boolean): void {
    const all = globalThis as unknown as Record<string, (...args: unknown[]) => unknown>;
    const set = all[setName]!;
    const clear = all[clearName]!;
    const running = new Map<unknown, () => void>();
    const done = (timer: unknown) => {
      running.get(timer)?.();
      running.delete(timer);
    };
    all[setName] = (callback, ...rest) => {
      const remove = add(`a timer (${setName})`, () => true);
      const call = (...args: unknown[]) => {
        if (once) done(timer);
        (callback as (...args: unknown[]) => void)(...args);
      };
      const timer = set(call, ...rest);
      running.set(timer, remove);
      return timer;
    };
    all[clearName] = (timer) => {
      done(timer);
      clear(timer);
    };
  }

  function replacePromise(): void {
    const own = Promise;
    type Executor = (resolve: (value: unknown) => void, reject: (reason: unknown) => void) => void;
    const watching: typeof Promise = new Proxy(own, {
      construct(_target, [executor]: [Executor], newTarget) {
        // What a test itself waits for is its own business: what the project's code leaves pending counts.
        const remove = add("a pending promise", (place) => !place.startsWith("tests/"));
        const watched: Executor = (resolve, reject) => {
          const settle = <T>(how: (value: T) => void) => (value: T) => {
            remove();
            how(value);
          };
          try {
            executor(settle(resolve), settle(reject));
          } catch (error) {
            remove();
            throw error;
          }
        };
        return Reflect.construct(own, [watched], newTarget === watching ? own : newTarget);
      },
      get: (_target, name) => {
        const value: unknown = Reflect.get(own, name);
        return typeof value === "function" && name !== "prototype" ? value.bind(own) : value;
      },
    });
    globalThis.Promise = watching;
  }
}
