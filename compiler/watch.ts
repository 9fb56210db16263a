/**
 * Does something again whenever files change.
 *
 * @module
 */

import { existsSync, type FSWatcher, watch as watchFolder } from "node:fs";
import { dirname, resolve } from "node:path";

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
 */
export function watch({ prepare, matters, signal }: WatchOptions): Promise<void> {
  const watchers = new Map<string, FSWatcher>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const changed = (): void => {
    clearTimeout(timer);
    timer = setTimeout(work, QUIET);
  };
  const unwatch = (folder: string): void => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };
  const start = (folder: string): void => {
    const watcher = watchFolder(folder, (_event, name) => {
      if (name === null || matters(name)) changed();
    });
    watcher.on("error", () => {
      // The folder is gone: whatever stands there next is watched anew.
      unwatch(folder);
      changed();
    });
    watchers.set(folder, watcher);
  };
  const work = (): void => {
    for (;;) {
      const { folders, finish } = prepare();
      const wanted = new Set([...folders].map(nearestFolder));
      const added = [...wanted].filter((folder) => !watchers.has(folder));
      if (added.length === 0) {
        for (const folder of watchers.keys()) if (!wanted.has(folder)) unwatch(folder);
        return finish();
      }
      for (const folder of added) start(folder);
    }
  };

  return new Promise((done) => {
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      for (const folder of watchers.keys()) unwatch(folder);
      done();
    }, { once: true });
    work();
  });
}

/** The folder itself, or the nearest one above it that is there. */
function nearestFolder(folder: string): string {
  let at = resolve(folder);
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
  return at;
}
