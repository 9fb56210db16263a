/**
 * A process with DIRAC's own classes in it, clients (`dirac_client.py`) or services (`dirac_service.py`), as a test
 * sees it; or one that does the same without them (`python/`).
 *
 * @module
 */

import { join } from "node:path";
import { Child } from "../faults/child.ts";
import { ROOT } from "../runtimes.ts";
import { type Dict, native, portable, type PythonValue } from "./values.ts";

/** Where DIRAC's handlers are: in files that are named like the class inside. */
export const HANDLERS: string = join(ROOT, "tests/interop/handlers");

/** A text of DIRAC's configuration, a list of texts, or a section. */
export type Configuration = { readonly [name: string]: string | readonly string[] | Configuration };

/** A service as DIRAC is to serve it. Its port is told by `ready`. */
export interface ServiceSettings {
  readonly protocol: "dip" | "dips";
  /** What else its section of the configuration says: `Authorization`, `MaxMessagingConnections`, … */
  readonly options: Configuration;
}

/** What a process is started with. */
export interface Settings {
  /** Its own: what it writes goes there. */
  readonly folder: string;
  /** How it writes; it reads both. */
  readonly encoding: "json" | "dencode";
  /** Where it looks for the modules of handlers. */
  readonly handlerFolders: readonly string[];
  /** The module of each service's handler, by the service's name. A client needs it for the messages. */
  readonly handlers: { readonly [service: string]: string };
  readonly setup: string;
  readonly vo: string;
  /** The files of the certificate with which services present themselves, and clients with `useCertificates`. */
  readonly host: { readonly cert: string; readonly key: string } | null;
  /** The folder with the certificates of all authorities that are trusted, as `openssl rehash` leaves it. */
  readonly authorities: string;
  /** Users, groups and hosts. */
  readonly registry: Configuration;
  /** By name; none for clients. */
  readonly services: { readonly [service: string]: ServiceSettings };
  /** From which level on DIRAC's log goes to standard error. */
  readonly logLevel: "DEBUG" | "VERBOSE" | "INFO" | "NOTICE" | "WARN" | "ERROR" | "FATAL";
}

/** Something that the process told by itself. */
export interface Told extends Dict {
  readonly event: string;
}

/** What DIRAC gives back for most of what it does. */
export type Result =
  | { readonly OK: true; readonly Value: PythonValue }
  | { readonly OK: false; readonly Errno: bigint; readonly Message: string };

/** After so long nothing more comes, in milliseconds. Longer than DIRAC waits for an acknowledgement. */
const PATIENCE = 45_000;

/** See the module's text. */
export class Dirac implements AsyncDisposable {
  /** What it said first: `version`, and of services their `ports` by name. */
  readonly ready: Told;
  readonly #child: Child;
  #told: Told[] = [];
  #heard: () => void = () => {};

  private constructor(child: Child, ready: Told) {
    this.#child = child;
    this.ready = ready;
    child.heard = (line) => {
      this.#told.push(told(line));
      this.#heard();
    };
  }

  /**
   * Starts a process.
   *
   * @param python The Python that runs it.
   * @param script The program, in this folder.
   * @param settings What it is started with.
   */
  static async start(python: string, script: string, settings: Settings): Promise<Dirac> {
    return await Dirac.run([python, "-B", join(ROOT, "tests/interop", script)], settings);
  }

  /** Starts a process of another make that talks as those do. */
  static async run(command: readonly string[], settings: unknown): Promise<Dirac> {
    const { child, ready } = await Child.start(command, settings);
    return new Dirac(child, told(ready));
  }

  /**
   * Lets it do something.
   *
   * @param command What, as the program's `obey` lists it.
   * @param argument By name.
   * @returns What came of it.
   */
  async order<T = PythonValue>(command: string, argument: Dict): Promise<T> {
    return native(await this.#child.call(command, portable(argument))) as T;
  }

  /**
   * Waits for the next event of a kind that was not taken yet; others stay for later.
   *
   * @param event Its kind.
   * @param fits What else is to be true of it.
   */
  async next(event: string, fits: (told: Told) => boolean = () => true): Promise<Told> {
    const end = Date.now() + PATIENCE;
    for (;;) {
      const index = this.#told.findIndex((one) => one.event === event && fits(one));
      if (index >= 0) return this.#told.splice(index, 1)[0]!;
      const left = end - Date.now();
      if (left <= 0) throw new Error(`It told nothing of that kind: ${event}. It told ${this.#kinds()}.`);
      let watchdog;
      await new Promise<void>((heard) => {
        this.#heard = heard;
        watchdog = setTimeout(heard, left);
      });
      clearTimeout(watchdog);
    }
  }

  /** Forgets what was told and not taken. */
  forget(): void {
    this.#told = [];
  }

  /** Ends it in good order. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child.close().catch(() => this.#child.kill());
  }

  #kinds(): string {
    return this.#told.map(({ event }) => event).join(", ") || "nothing";
  }
}

function told(line: Readonly<Record<string, unknown>>): Told {
  return Object.fromEntries(Object.entries(line).map(([name, value]) => [name, native(value)])) as Told;
}
