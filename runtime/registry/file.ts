/**
 * A registry that follows its file.
 *
 * The file is read every few seconds rather than watched: what systems tell of changes gets lost where an editor puts
 * another file in place of the old one, behind symbolic links, and on network drives. And it is read rather than asked
 * for its time of change: two changes within one tick of the file system's clock have the same.
 *
 * @module
 */

import { readFile, stat } from "node:fs/promises";
import { clearTimeout, setTimeout } from "node:timers";
import { fileProblem } from "../../idl/problem.ts";
import { type Clock, systemClock } from "../clock.ts";
import { HoldfastError } from "../errors.ts";
import { Listeners } from "../listeners.ts";
import { consoleLog, type Log } from "../log.ts";
import { checkNames } from "../names.ts";
import type { Inquiry, Registry, Standing } from "../principal.ts";
import { RegistryError } from "./error.ts";
import { MAX_SIZE, readRoster, tooLong } from "./read.ts";
import type { Roster } from "./roster.ts";

/** How a registry's file is followed. */
export interface FileRegistryOptions {
  /** How often it is looked whether the file has changed, in milliseconds; 5,000, and a day at the most. */
  readonly interval?: number;
  /**
   * Takes what is wrong with a changed file, and (as `info`) when it was read again and why somebody was not found; the
   * console, unless said otherwise.
   */
  readonly log?: Log;
  /** Another clock than the runtime's. */
  readonly clock?: Clock;
}

/** A registry that follows its file. */
export interface FileRegistry extends Registry, AsyncDisposable {
  /**
   * Looks somebody up in what the file has said last.
   *
   * @param inquiry What was shown, and the group asked for.
   * @returns What is known; `undefined` of a stranger, of one who is suspended, and of one who is not in the group.
   */
  find(inquiry: Inquiry): Standing | undefined;
  /**
   * Says when the file says something else than before.
   *
   * @param changed To be called after each change.
   * @returns Stops that.
   */
  watch(changed: () => void): () => void;
  /**
   * Reads the file now: for those who have just changed it. It does not reject; what is wrong is logged.
   *
   * @returns When the file has been read, and holds if nothing is wrong with it.
   */
  reload(): Promise<void>;
  /**
   * Follows the file no more; what it said last still holds. A process ends without this, too.
   *
   * @returns When the file is not being read any more. Safe to call again.
   */
  close(): Promise<void>;
}

const INTERVAL = 5_000;
const LONGEST_INTERVAL = 24 * 3_600_000;

/** The runtime's clock, but one that nobody is kept waiting by: a process that has nothing else to do ends. */
const backgroundClock: Clock = {
  now: systemClock.now,
  set(delay, callback) {
    const timer = setTimeout(callback, delay);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/**
 * Opens a registry, and follows its file from then on: what the file says anew holds within seconds. A file with
 * problems is reported to the log, all of them in one go, and changes nothing; nor does one that is half written, or
 * gone.
 *
 * @param path The file: JSON with comments, as `docs/registry.md` describes it.
 * @param options How often it is looked at, and who hears of problems.
 * @returns The registry, when the file has been read.
 * @throws {RegistryError} If the file can't be read, or has problems.
 * @throws {HoldfastError} `invalid-argument` if the interval is no whole number, or longer than a day, or there is no such
 * option.
 *
 * @example
 * ```ts
 * import { fileRegistry } from "holdfast";
 *
 * await using registry = await fileRegistry("registry.jsonc", { interval: 2_000 });
 * registry.watch(() => console.log("Somebody has come or gone."));
 * const node = registry.find({
 *   method: "certificate",
 *   subject: "/C=ch/O=Lab/CN=node-7.lab.ch",
 *   issuer: "/C=ch/O=Lab/CN=Lab CA",
 * });
 * console.assert(node?.properties?.includes("TrustedHost"));
 * ```
 */
export async function fileRegistry(path: string, options: FileRegistryOptions = {}): Promise<FileRegistry> {
  checkNames("fileRegistry", options, ["interval", "log", "clock"]);
  const { interval = INTERVAL, log = consoleLog, clock = backgroundClock } = options;
  if (!Number.isSafeInteger(interval) || interval < 1 || interval > LONGEST_INTERVAL) {
    throw new HoldfastError(
      "invalid-argument",
      `The interval is ${interval}: it must be a whole number of milliseconds, from 1 to those of a day.`,
    );
  }
  const text = await readText(path);
  return new Follower(path, text, readRoster(text, path), interval, log, clock);
}

class Follower implements FileRegistry {
  readonly #path: string;
  readonly #interval: number;
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #changed: Listeners<void>;
  #roster: Roster;
  /** What was read last, good or not; nothing if it could not be. */
  #text: string | undefined;
  /** What is wrong with the file, if something is. */
  #trouble: string | undefined;
  /** All readings, one after the other. */
  #readings: Promise<void> = Promise.resolve();
  #stopTimer: () => void;
  #closed = false;

  constructor(path: string, text: string, roster: Roster, interval: number, log: Log, clock: Clock) {
    this.#path = path;
    this.#text = text;
    this.#roster = roster;
    this.#interval = interval;
    this.#log = log;
    this.#clock = clock;
    this.#changed = new Listeners(log);
    this.#stopTimer = this.#wait();
  }

  find(inquiry: Inquiry): Standing | undefined {
    const answer = this.#roster.ask(inquiry);
    if (typeof answer !== "string") return answer;
    this.#log({ level: "info", message: answer });
    return undefined;
  }

  watch(changed: () => void): () => void {
    return this.#changed.add(changed);
  }

  reload(): Promise<void> {
    return this.#readings = this.#readings.then(() => this.#read());
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopTimer();
    await this.#readings;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #wait(): () => void {
    return this.#clock.set(this.#interval, async () => {
      await this.reload();
      if (!this.#closed) this.#stopTimer = this.#wait();
    });
  }

  async #read(): Promise<void> {
    if (this.#closed) return;
    let text: string | undefined;
    try {
      text = await readText(this.#path);
      if (!this.#closed && text !== this.#text) this.#take(readRoster(text, this.#path));
    } catch (error) {
      if (!this.#closed) this.#refuse(HoldfastError.from(error));
    } finally {
      this.#text = text;
    }
  }

  #take(roster: Roster): void {
    this.#trouble = undefined;
    const news = roster.content !== this.#roster.content;
    this.#roster = roster;
    this.#log({ level: "info", message: `The registry ${this.#path} was read again.` });
    if (news) this.#changed.tell();
  }

  /** Says what is wrong: once, however often the file is looked at. */
  #refuse({ message }: HoldfastError): void {
    if (message === this.#trouble) return;
    this.#trouble = message;
    const text = `The registry ${this.#path} can't be used as it is now. What it said before still holds.`;
    this.#log({ level: "error", message: `${text}\n${message}` });
  }
}

/** @throws {RegistryError} If there is no such file, or it is not a text. */
async function readText(path: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    const found = await stat(path);
    // A pipe would never end.
    if (!found.isFile()) throw new RegistryError([fileProblem(path, "The registry can't be read: this is no file.")]);
    if (found.size > MAX_SIZE) throw new RegistryError([tooLong(path)]);
    bytes = await readFile(path);
  } catch (error) {
    if (error instanceof RegistryError) throw error;
    throw new RegistryError([fileProblem(path, `The registry can't be read: ${reason(error)}.`)]);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new RegistryError([fileProblem(path, "The registry is no text in UTF-8.", "Save it with that encoding.")]);
  }
}

function reason(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (code === "ENOENT") return "there is no such file";
  if (code === "EACCES" || code === "EPERM") return "this process may not read it";
  return String(message);
}
