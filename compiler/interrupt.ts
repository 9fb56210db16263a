/**
 * Lets people end a command while it works, and lets it end well.
 *
 * @module
 */

import process from "node:process";
import { CommandError, EXIT_INTERRUPTED, EXIT_TERMINATED } from "./terminal.ts";

/**
 * Runs something that Ctrl+C ends, or SIGTERM. Ctrl+C once more ends it at once, wherever it is.
 *
 * @param run Is to leave nothing half done when the signal is aborted; it may throw the signal's reason then.
 * @returns When `run` has come to its end. If it was interrupted, the process ends, with 130; if it was told to end, with
 * 143.
 * @throws What `run` throws.
 */
export async function interruptible(run: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const interrupt = (): void => stop.abort(new CommandError("interrupted", EXIT_INTERRUPTED));
  const terminate = (): void => stop.abort(new CommandError("told to end", EXIT_TERMINATED));
  process.once("SIGINT", interrupt).once("SIGTERM", terminate);
  try {
    await run(stop.signal);
  } catch (error) {
    if (!stop.signal.aborted || error !== stop.signal.reason) throw error;
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", terminate);
  }
  // At once: somebody may still be waiting for input that never comes.
  if (stop.signal.aborted) process.exit(stop.signal.reason.exitCode);
}
