/**
 * The `.msg` files of an editor's folders. Unlike a command's folders, these were not named to be searched: they may be
 * a whole home directory, so what can't be read is passed over, and the search is bounded.
 *
 * @module
 */

import { type Dirent, readdirSync } from "node:fs";
import { join } from "node:path";

/** How many folders are looked into. */
const MAX_FOLDERS = 5000;

/**
 * Finds `.msg` files.
 *
 * @param roots The folders. Hidden ones in them, and `node_modules`, are passed over.
 * @returns Paths, the nearest to the roots first.
 */
export function messageFilesIn(roots: readonly string[]): string[] {
  const files: string[] = [];
  const folders = [...roots];
  for (let next = 0; next < Math.min(folders.length, MAX_FOLDERS); next++) {
    const folder = folders[next]!;
    for (const entry of entriesOf(folder)) {
      if (entry.isDirectory()) {
        if (!/^(\..*|node_modules)$/.test(entry.name)) folders.push(join(folder, entry.name));
      } else if (entry.name.endsWith(".msg")) files.push(join(folder, entry.name));
    }
  }
  return files;
}

/** What is in a folder; nothing if it can't be read. */
export function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
