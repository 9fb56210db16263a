/**
 * A session with a live service, for as long as a command needs one.
 *
 * @module
 */

import process from "node:process";
import { clearTimeout, setTimeout } from "node:timers";
import { suggest } from "../../../idl/suggest.ts";
import { Client, type Definition, describe, type LogRecord } from "../../../mod.ts";
import { interruptible } from "../../interrupt.ts";
import { CommandError, EXIT_PROBLEMS, EXIT_TIMEOUT, note } from "../../terminal.ts";
import { lastFrames, printable, talking } from "./failure.ts";
import { readInput } from "./input.ts";
import type { ClientOptions, SessionOptions } from "./options.ts";
import { Output } from "./output.ts";
import { checkDefinition, ownDefinition } from "./own_definition.ts";
import { trustOf } from "./trust.ts";

/** What a command works with. */
export interface Live {
  readonly client: Client;
  readonly definition: Definition;
  readonly output: Output;
  /** Aborted when the command is to end: no more is to be begun. */
  readonly signal: AbortSignal;
}

/**
 * Connects, runs a command, waits for the service to have handled what was sent, and closes. Ctrl+C and `--timeout` end
 * it early.
 *
 * @param run What to do. It is left alone when the signal is aborted.
 */
export function inSession(url: string, options: SessionOptions, run: (live: Live) => Promise<void>): Promise<void> {
  return interruptible((interrupted) =>
    talking(options, async () => {
      const late = new CommandError("it took longer than --timeout allows.", EXIT_TIMEOUT);
      const stop = new AbortController();
      const cut = new AbortController();
      const timer = options.timeout === undefined ? undefined : setTimeout(() => {
        stop.abort(late);
        // What has taken too long already is not waited for once more.
        cut.abort();
      }, options.timeout);
      const interrupt = (): void => stop.abort(interrupted.reason);
      interrupted.addEventListener("abort", interrupt);
      const { signal } = stop;
      try {
        const makeClient = await orStop(signal, clientMaker(url, options, cut.signal));
        const client = makeClient();
        client.onStatus(({ state, reason }) => {
          if (state === "idle" && !options.reconnect) stop.abort(reason);
          if (state !== "resuming" && state !== "reconnecting") return;
          const frames = reason !== undefined && options.verbose ? `${lastFrames(reason)}\n` : "";
          note(`${reason === undefined ? "" : `${printable(reason.message)} `}${frames}Connecting again …`);
        });
        try {
          await orStop(signal, client.connect({ signal }));
          const definition = client.definition!;
          const output = new Output(definition, options.json === true);
          await orStop(signal, run({ client, definition, output, signal }));
        } finally {
          await client.close();
        }
      } finally {
        clearTimeout(timer);
        interrupted.removeEventListener("abort", interrupt);
        leave();
      }
    })
  );
}

/**
 * Ends the process once all is written, if nothing but standard input holds it: Deno waits for that even after it was
 * destroyed.
 */
export function leave(): void {
  process.stdout.write("", () => void setTimeout(() => process.exit(), 50).unref());
}

/** What comes of something, unless it is to stop before. */
export async function orStop<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const stopped = new Promise<never>((_resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    work.finally(() => signal.removeEventListener("abort", abort)).catch(() => {});
  });
  return await Promise.race([stopped, work]);
}

/**
 * Finds out what clients of a service need.
 *
 * @param signal Ends each client at once.
 * @returns Makes a client, which is not connected yet.
 */
export async function clientMaker(
  url: string,
  options: ClientOptions,
  signal: AbortSignal,
): Promise<() => Client> {
  checkDefinition(url, options.definition);
  const trust = trustOf(options);
  const { args, identity } = options;
  const own = options.definition === undefined ? undefined : ownDefinition(options.definition, url);
  // What the arguments mean is known by the definition only.
  const definition = own ?? (args === undefined ? undefined : await describe(url, { ...trust, signal }));
  const given = args === undefined || definition === undefined
    ? undefined
    : await argumentsOf(args, definition, signal);
  const clientOptions = {
    ...trust,
    ...(identity !== undefined && { identity }),
    ...(given !== undefined && { args: given }),
    ...(!options.reconnect && { reconnect: false } as const),
    ...{ log, signal },
  };
  return () => new Client(url, definition, clientOptions);
}

async function argumentsOf(
  args: string,
  definition: Definition,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  for await (const { value } of readInput(args, "connect", definition, signal)) return value;
  throw new CommandError("--args is empty: it is to have the connect arguments.", EXIT_PROBLEMS);
}

function log({ level, message, error }: LogRecord): void {
  if (level !== "info") note(printable(`${level}: ${message}${error === undefined ? "" : ` ${String(error)}`}`));
}

/**
 * Finds a message that somebody has named.
 *
 * @param direction Whether the service is to receive or to send it.
 * @returns The name of its reply if it is a request.
 * @throws {CommandError} If there is none.
 */
export function requireMessage(
  { shape }: Definition,
  name: string,
  direction: "receives" | "sends",
): string | undefined {
  const found = shape.messages.find((message) => message.name === name)?.[direction];
  if (found !== undefined) return found.reply;
  const names = messagesOf(shape, direction);
  const text = `${shape.service} ${direction} no ${JSON.stringify(name)}, as far as you may know.`;
  const known = names.length === 0 ? "It has no such messages." : `There are ${names.join(", ")}.`;
  throw new CommandError(`${text} ${suggest(name, names) ?? known}`, EXIT_PROBLEMS);
}

/** The names of what a service receives or sends. */
export function messagesOf({ messages }: Definition["shape"], direction: "receives" | "sends"): string[] {
  return messages.filter((message) => message[direction] !== undefined).map(({ name }) => name);
}
