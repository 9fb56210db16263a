/**
 * A reader's definition against a writer's: what can be said between two sides that were made at different times. The
 * same answer decides when a client connects and when somebody asks which changes break whom.
 *
 * What fits is told in `docs/evolution.md`, in one table, which a test executes.
 *
 * @module
 */

import type { Exchange, Message, Shape, Type } from "./definition.ts";
import { type Convert, Converters } from "./resolve/convert.ts";
import { type Pair, Pairs } from "./resolve/pairs.ts";

export type { Convert } from "./resolve/convert.ts";

/** Whether what one side writes can be read by the other. */
export interface Resolution {
  /** Whether every value that the writer's definition allows can be read. */
  readonly fits: boolean;
  /** What does not fit, each with its path: `Job.where.slot: the service wants int, this definition has string`. */
  readonly problems: readonly string[];
  /**
   * Makes of a value that the writer's definition takes one that the reader's takes: drops what the reader does not
   * know, fills in defaults. Not there if all values can stay as they are, or if they don't fit. It leaves the given
   * value as it is, and must be given none that the writer's definition does not take.
   */
  readonly convert?: Convert;
}

/** A message in one direction; where it is a request, its reply comes back the other way. */
export interface ExchangeResolution extends Resolution {
  /** There if both sides know the message as a request. Its problems are among those of the message. */
  readonly reply?: Resolution;
}

/** A client's definition of a service against the service's own. */
export interface ServiceResolution {
  /** What the client gives on connecting. */
  readonly connect: Resolution;
  /** What the client sends: every message that either side says the service receives, by name. */
  readonly receives: ReadonlyMap<string, ExchangeResolution>;
  /** What the service sends: every message that either side says so of, by name. */
  readonly sends: ReadonlyMap<string, ExchangeResolution>;
}

/** A message of which the two definitions do not fit. */
export interface Misfit {
  /** The message's name. */
  readonly message: string;
  /** Whether the service receives or sends it. */
  readonly direction: "receives" | "sends";
  /** What does not fit, each with its path. */
  readonly problems: readonly string[];
}

/** What the two sides are called in problems. */
export interface Names {
  readonly client: string;
  readonly service: string;
}

/** How many problems of one message are listed. */
const MAX_PROBLEMS = 20;
/** How many pairs of types are searched for them. */
const MAX_SEARCH = 10_000;

/**
 * Compares a client's definition of a service with the service's own, message by message.
 *
 * @param client The shape that the client was made with.
 * @param service The shape that the service has.
 * @param names What problems call them.
 * @returns What fits, what does not, and how values are turned from the one into the other.
 */
export function resolveService(
  client: Shape,
  service: Shape,
  names: Names = { client: "this definition", service: "the service" },
): ServiceResolution {
  const toService = new Direction(client, service, { writer: names.client, reader: names.service });
  const toClient = new Direction(service, client, { writer: names.service, reader: names.client });
  const connect = toService.add("connect", client.connect, service.connect);
  const receives = exchanges("receives", client, service, names, toService, toClient);
  const sends = exchanges("sends", client, service, names, toClient, toService);
  toService.settle();
  toClient.settle();
  return { connect: connect(), receives: askAll(receives), sends: askAll(sends) };
}

/** Gives its answer once all questions have been put. */
type Question<T> = () => T;

function askAll<T>(questions: ReadonlyMap<string, Question<T>>): ReadonlyMap<string, T> {
  return new Map([...questions].map(([name, ask]) => [name, ask()]));
}

/**
 * Finds what a client was made for, and can't do.
 *
 * @param client The shape that the client was made with.
 * @param resolution That shape against the service's.
 * @returns The messages of the client's shape that do not fit, in the order of their numbers.
 */
export function findMisfits(client: Shape, resolution: ServiceResolution): Misfit[] {
  const misfits: Misfit[] = [];
  for (const message of client.messages) {
    for (const direction of ["receives", "sends"] as const) {
      const found = resolution[direction].get(message.name);
      if (message[direction] === undefined || found === undefined || found.fits) continue;
      misfits.push({ message: message.name, direction, problems: found.problems });
    }
  }
  return misfits;
}

function exchanges(
  way: "receives" | "sends",
  client: Shape,
  service: Shape,
  names: Names,
  there: Direction,
  back: Direction,
): ReadonlyMap<string, Question<ExchangeResolution>> {
  const ours = exchangesByName(client.messages, way);
  const theirs = exchangesByName(service.messages, way);
  const verb = way === "receives" ? "receive" : "send";
  const questions = new Map<string, Question<ExchangeResolution>>();
  for (const name of new Set([...ours.keys(), ...theirs.keys()])) {
    const own = ours.get(name);
    const their = theirs.get(name);
    if (own === undefined) {
      questions.set(name, refusal(`${name}: ${names.client} does not have it among what the service ${verb}s`));
    } else if (their === undefined) {
      questions.set(name, refusal(`${name}: ${names.service} does not ${verb} it`));
    } else if ((own.reply === undefined) !== (their.reply === undefined)) {
      const isRequest = (exchange: Exchange) => exchange.reply === undefined ? "no request" : "a request";
      const problem = `it is ${isRequest(their)} to ${names.service}, ${isRequest(own)} to ${names.client}`;
      questions.set(name, refusal(`${name}: ${problem}`));
    } else {
      const message = there.addNamed(name, name);
      const reply = own.reply === undefined ? undefined : way === "receives"
        ? back.addNamed(their.reply!, own.reply)
        : back.addNamed(own.reply, their.reply!);
      questions.set(name, () => exchange(message(), reply?.()));
    }
  }
  return questions;
}

function exchangesByName(messages: readonly Message[], way: "receives" | "sends"): ReadonlyMap<string, Exchange> {
  const found = new Map<string, Exchange>();
  for (const message of messages) {
    const exchange = message[way];
    if (exchange !== undefined) found.set(message.name, exchange);
  }
  return found;
}

function refusal(problem: string): Question<ExchangeResolution> {
  return () => ({ fits: false, problems: [problem] });
}

function exchange(message: Resolution, reply: Resolution | undefined): ExchangeResolution {
  if (reply === undefined) return message;
  const fits = message.fits && reply.fits;
  return { ...message, fits, problems: [...message.problems, ...reply.problems], reply };
}

/** One direction: who writes, who reads. */
class Direction {
  readonly #writer: Shape;
  readonly #reader: Shape;
  readonly #pairs: Pairs;
  readonly #converters = new Converters();

  constructor(writer: Shape, reader: Shape, roles: { readonly writer: string; readonly reader: string }) {
    this.#writer = writer;
    this.#reader = reader;
    this.#pairs = new Pairs(writer, reader, roles);
  }

  add(name: string, writer: Type, reader: Type): Question<Resolution> {
    const pair = this.#pairs.add(writer, reader);
    return () => this.#resolution(name, pair);
  }

  addNamed(writer: string, reader: string): Question<Resolution> {
    return this.add(writer, this.#writer.types[writer]!, this.#reader.types[reader]!);
  }

  settle(): void {
    this.#pairs.settle();
  }

  #resolution(name: string, pair: Pair): Resolution {
    if (!pair.fits) return { fits: false, problems: findProblems(name, pair) };
    const convert = this.#converters.of(pair);
    return { fits: true, problems: [], ...(convert && { convert }) };
  }
}

/** A way through pairs that don't fit. */
interface Trail {
  readonly path: string;
  readonly pair: Pair;
  readonly before?: Trail;
}

/** The problems of a pair and of those in it, the nearest first. */
function findProblems(name: string, pair: Pair): string[] {
  const problems: string[] = [];
  const trails: Trail[] = [{ path: name, pair }];
  for (const trail of trails) { // grows while it is walked
    for (const { path, problem } of trail.pair.problems) problems.push(`${trail.path}${path}: ${problem}`);
    if (problems.length > MAX_PROBLEMS) return [...problems.slice(0, MAX_PROBLEMS), `${name}: and there is more`];
    for (const { links } of trail.pair.routes) {
      for (const { path, pair } of links) {
        if (pair.fits || trails.length >= MAX_SEARCH || leadsThrough(trail, pair)) continue;
        trails.push({ path: trail.path + path, pair, before: trail });
      }
    }
  }
  return problems;
}

function leadsThrough(trail: Trail, pair: Pair): boolean {
  for (let at: Trail | undefined = trail; at !== undefined; at = at.before) {
    if (at.pair === pair) return true;
  }
  return false;
}
