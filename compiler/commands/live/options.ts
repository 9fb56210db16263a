/**
 * What the verbs that talk to a live service have in common on the command line.
 *
 * @module
 */

import { type Command, InvalidArgumentError } from "commander";

/** Whom to trust, and what to show of oneself. */
export interface TrustOptions {
  readonly ca?: string;
  readonly crl?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly tokenFile?: string;
  readonly group?: string;
  readonly verbose?: true;
}

/** How to be a service's client. */
export interface ClientOptions extends TrustOptions {
  readonly identity?: string;
  readonly args?: string;
  readonly definition?: string;
  /** Whether to connect again when the connection breaks. */
  readonly reconnect: boolean;
}

/** How to begin a session. */
export interface SessionOptions extends ClientOptions {
  readonly json?: true;
  readonly count?: number;
  /** In milliseconds. */
  readonly timeout?: number;
}

/** What a user writes for a service. */
export const URL_HELP = "tls://HOST:PORT/System/Component";

/** The same for a service that messages go to. */
export const CLIENT_URL_HELP: string = `${URL_HELP}, or dips:// for a service of DIRAC's`;

/** What a user writes for JSON. */
export const JSON_HELP = "JSON: the text itself, @FILE, or @- for standard input (default: {})";

const EXIT_CODES = "\nHow it ends, and how JSON stands for each type: docs/cli.md";

/** Adds the options of {@link TrustOptions}. */
export function addTrust(command: Command): Command {
  return command
    .option("--ca <file>", "the authorities to trust, instead of those that the system trusts (PEM)")
    .option("--crl <file>", "the lists of what these authorities have taken back (PEM)")
    .option("--cert <file>", "the certificate to show, with its chain (PEM)")
    .option("--key <file>", "its private key, if it is not in the file of --cert (PEM)")
    .option("--token-file <file>", "the token to show is in this file, or in the environment as HOLDFAST_TOKEN")
    .option("--group <name>", "the group to act in")
    .option("--verbose", "of a connection that dies as it should not, tell what came and went last");
}

/** Adds the options of {@link ClientOptions}. */
export function addClient(command: Command): Command {
  return addTrust(command)
    .option("--identity <name>", "the name by which the service is to know this client")
    .option("--args <json>", "the service's connect arguments: JSON, or @FILE")
    .option("--definition <file>", "the .msg file that has the service's messages: dips:// and dip:// need it")
    .option("--no-reconnect", "end when the connection breaks, rather than connect again")
    .addHelpText("after", EXIT_CODES);
}

/** Adds the options of {@link SessionOptions}. */
export function addSession(command: Command): Command {
  return addClient(command)
    .option("--timeout <time>", "how long all of it may take: 500ms, 10s, 5m, 1h (default: any time)", duration)
    .option("--json", "write one message a line, on a terminal too");
}

/** A number of messages, or of whatever there must be one of. */
export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError("It must be a whole number, 1 or more.");
  return Number(text);
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** A time, in milliseconds. */
export function duration(text: string): number {
  const [, number, unit = ""] = /^(\d{1,9})(ms|s|m|h)$/.exec(text) ?? [];
  const time = Number(number) * (UNITS[unit] ?? NaN);
  // What a timer can wait for.
  if (time > 0 && time < 2 ** 31) return time;
  throw new InvalidArgumentError("It must be a number and a unit, such as 500ms, 10s, 5m or 1h, up to 24 days.");
}
