/**
 * Does something again whenever files change.
 *
 * @module
 */

import { existsSync, type FSWatcher, watch as watchFolder } from "node:fs";
import { dirname, resolve } from "node:path";
import { reason } from "./files.ts";
import { CommandError } from "./terminal.ts";

/** How long nothing must have changed before it is looked at, in milliseconds: editors write in several steps. */
const QUIET = 30;

/** Work that is done, but for its effects. */
export interface Prepared {
  /** The folders in which a change matters from now on. They need not be there (yet). */
  readonly folders: Iterable<string>;
  /** Lets the world know. */
  readonly finish: () => void;
}

/** What {@link watch} is to do. */
export interface WatchOptions {
  /** Does the work. What it looked at before all folders were watched, it looks at again. */
  readonly prepare: () => Prepared;
  /** Whether a change of the file of that name matters. */
  readonly matters: (name: string) => boolean;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * Does something now, and again whenever a file in one of its folders changes.
 *
 * Folders are watched, not files: editors put a new file in the old one's place.
 *
 * @param options What to do, and what matters.
 * @returns When the signal has been aborted; nothing is watched any more then.
 * @throws What `prepare` and `finish` throw, and when a folder can't be watched.
 */
export function watch(options: WatchOptions): Promise<void> {
  return new Promise((done, fail) => {
    const watching = new Watching(options, fail);
    options.signal.addEventListener("abort", () => {
      watching.stop();
      done();
    }, { once: true });
    watching.work();
  });
}

class Watching {
  readonly #options: WatchOptions;
  readonly #fail: (error: unknown) => void;
  /** By folder. */
  readonly #watchers = new Map<string, FSWatcher>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: WatchOptions, fail: (error: unknown) => void) {
    this.#options = options;
    this.#fail = fail;
  }

  work(): void {
    try {
      this.#work();
    } catch (error) {
      this.stop();
      this.#fail(error);
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #work(): void {
    for (;;) {
      const { folders, finish } = this.#options.prepare();
      const wanted = new Set([...folders].map(nearestFolder));
      const added = [...wanted].filter((folder) => !this.#watchers.has(folder));
      if (added.length === 0) return finish();
      for (const folder of added) this.#watch(folder);
    }
  }

  #watch(folder: string): void {
    try {
      const watcher = watchFolder(folder, (_event, name) => {
        if (name === null || this.#options.matters(name)) this.#changed();
      });
      this.#watchers.set(folder, watcher);
      watcher.on("error", () => this.#changed());
    } catch (error) {
      // It may have gone meanwhile; then the folder above it is what is wanted next.
      if (existsSync(folder)) throw new CommandError(`${folder}: this can't be watched: ${reason(error)}`);
    }
  }

  #changed(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      // All anew: where a folder was, there may be another of the same name, and nothing tells the two apart. On Deno,
      // what is watched again in the same turn is still the old one.
      this.stop();
      this.#timer = setTimeout(() => this.work(), 0);
    }, QUIET);
  }
}

/** The folder itself, or the nearest one above it that is there. */
function nearestFolder(folder: string): string {
  let at = resolve(folder);
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
  return at;
}
