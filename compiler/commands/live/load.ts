/**
 * What `bench` does: connects, puts load on the service, and tells what came of it.
 *
 * @module
 */

import process from "node:process";
import { type Client, type Definition, HoldfastError } from "../../../mod.ts";
import { writeAll } from "../../files.ts";
import { interruptible } from "../../interrupt.ts";
import { Drive, type Load, type Target } from "../../load/drive.ts";
import { plot } from "../../load/plot.ts";
import { reportData, reportText, shown } from "../../load/report.ts";
import { CommandError, EXIT_PROBLEMS, EXIT_SERVICE, note } from "../../terminal.ts";
import { explained, talking } from "./failure.ts";
import { type Input, readInput } from "./input.ts";
import type { ClientOptions } from "./options.ts";
import { clientMaker, leave, orStop, requireMessage } from "./session.ts";
import { Waiter } from "./waiter.ts";

/** How much load, and what to do with the outcome. */
export interface BenchOptions extends ClientOptions {
  readonly wait?: string;
  readonly connections?: number;
  readonly inFlight?: number;
  readonly rate?: number;
  /** In milliseconds. */
  readonly duration?: number;
  readonly count?: number;
  readonly plot?: string;
  readonly json?: true;
}

/** How long it takes unless it is said, in milliseconds. */
const DURATION = 10_000;
/** How many may be in flight at a given rate: not so few that the load would not be as asked for. */
const IN_FLIGHT_AT_RATE = 1_000;
/** How many clients connect at once. */
const CONNECTING = 16;
/** How often a terminal is told how far it is, in milliseconds. */
const PACE = 500;

/** `holdfast bench`. */
export function bench(url: string, name: string, json: string, options: BenchOptions): Promise<void> {
  const load = loadOf(options);
  return interruptible((signal) =>
    talking(options, async () => {
      const cut = new AbortController();
      const clients: Client[] = [];
      try {
        const makeClient = await orStop(signal, clientMaker(url, options, cut.signal));
        clients.push(makeClient());
        await orStop(signal, clients[0]!.connect());
        const definition = clients[0]!.definition!;
        checkMessages(definition, name, options.wait);
        const inputs = await orStop(signal, allOf(readInput(json, name, definition, signal)));
        if (inputs.length === 0) {
          throw new CommandError("there is no JSON in that: there is nothing to send.", EXIT_PROBLEMS);
        }
        while (clients.length < load.connections) {
          const more = Array.from({ length: Math.min(CONNECTING, load.connections - clients.length) }, makeClient);
          clients.push(...more);
          await orStop(
            signal,
            Promise.all(more.map((client) => client.connect())),
          );
        }
        const target = new Service(clients, name, inputs, options.wait);
        if (await measure(name, load, target, options, signal)) cut.abort();
      } finally {
        await Promise.all(clients.map((client) => client.close()));
        leave();
      }
    })
  );
}

function loadOf({ connections = 1, inFlight, rate, duration, count }: BenchOptions): Load {
  const time = duration ?? (count === undefined ? DURATION : undefined);
  return {
    connections,
    inFlight: inFlight ?? (rate === undefined ? 1 : IN_FLIGHT_AT_RATE),
    ...(time !== undefined && { duration: time }),
    ...(count !== undefined && { count }),
    ...(rate !== undefined && { rate }),
  };
}

function checkMessages(definition: Definition, name: string, wait: string | undefined): void {
  const reply = requireMessage(definition, name, "receives");
  if (wait === undefined) return;
  if (reply !== undefined) {
    throw new CommandError(`${name} is a request, and its reply answers it: leave out --wait.`, EXIT_PROBLEMS);
  }
  if (requireMessage(definition, wait, "sends") !== undefined) {
    throw new CommandError(`${wait} is a request of the service's: it can't be answered from here.`, EXIT_PROBLEMS);
  }
}

async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Measures, and tells what came of it. Returns whether the service still owes answers. */
async function measure(
  message: string,
  load: Load,
  target: Service,
  options: BenchOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const drive = new Drive(load, target);
  const stopTicking = tick(() => drive.latencies.count);
  const outcome = await drive.run(signal).finally(stopTicking);
  const subject = { message, load, reconnects: target.reconnects };
  const told = options.json ? JSON.stringify(reportData(subject, outcome)) : reportText(subject, outcome);
  await new Promise<void>((done) => process.stdout.write(`${told}\n`, () => done()));
  if (options.plot !== undefined) {
    if (outcome.latencies.count === 0) note("nothing was answered: there is nothing to draw.");
    else writeAll([{ path: options.plot, text: plot(subject, outcome) }]);
  }
  if (outcome.errors.size > 0 || outcome.unanswered > 0) process.exitCode = EXIT_SERVICE;
  return outcome.unanswered > 0;
}

/** Tells a terminal how far it is, until it is stopped. */
function tick(count: () => number): () => void {
  if (process.stderr.isTTY !== true) return () => {};
  const start = performance.now();
  const timer = setInterval(() => {
    const seconds = Math.floor((performance.now() - start) / 1_000);
    process.stderr.write(`\r\x1b[K${seconds} s: ${shown(count())} answered; Ctrl+C ends it`);
  }, PACE);
  return () => {
    clearInterval(timer);
    process.stderr.write("\r\x1b[K");
  };
}

/** The service, at the other end of several connections. */
class Service implements Target {
  /** How many times a connection was made anew. */
  reconnects = 0;
  readonly #asks: readonly ((value: Record<string, unknown>) => Promise<unknown>)[];
  readonly #inputs: readonly Input[];
  readonly #isAlive: boolean[];

  constructor(clients: readonly Client[], name: string, inputs: readonly Input[], wait: string | undefined) {
    this.#inputs = inputs;
    this.#isAlive = clients.map(() => true);
    const isRequest = requireMessage(clients[0]!.definition!, name, "receives") !== undefined;
    this.#asks = clients.map((client, index) => {
      this.#follow(client, index);
      if (isRequest) return (value) => client.request(name, value);
      if (wait === undefined) return (value) => client.send(name, value, { acknowledge: true });
      const waiter = new Waiter(client, wait);
      return (value) => waiter.ask(name, value);
    });
  }

  async ask(connection: number, index: number): Promise<void> {
    const { value, blame } = this.#inputs[index % this.#inputs.length]!;
    try {
      await this.#asks[connection]!(value);
    } catch (error) {
      throw explained(error, blame);
    }
  }

  isAlive(connection: number): boolean {
    return this.#isAlive[connection]!;
  }

  codeOf(error: unknown): string {
    if (error instanceof HoldfastError) return error.code;
    throw error;
  }

  #follow(client: Client, index: number): void {
    let isBroken = false;
    client.onStatus(({ state }) => {
      if (state === "resuming" || state === "reconnecting") isBroken = true;
      else if (state === "idle" || state === "closed") this.#isAlive[index] = false;
      else if (state === "open" && isBroken) {
        isBroken = false;
        this.reconnects++;
      }
    });
  }
}
