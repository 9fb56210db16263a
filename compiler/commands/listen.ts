/**
 * `holdfast listen`: writes what a live service sends.
 *
 * @module
 */

import type { Command } from "commander";
import { addSession, CLIENT_URL_HELP, type SessionOptions, wholeNumber } from "./live/options.ts";

/**
 * Adds the command.
 *
 * @param program What to add it to.
 */
export function addListen(program: Command): void {
  const command = program.command("listen")
    .summary("write what a live service sends")
    .description("Writes the messages that a live service sends, until interrupted.")
    .argument("<url>", CLIENT_URL_HELP)
    .argument("[messages...]", "the names of messages (default: all)")
    .option("--count <number>", "end when so many have come", wholeNumber)
    .addHelpText("after", "\nExample:\n  holdfast listen tls://localhost:9145/Lab/Desk Notice --ca ca.pem");
  addSession(command).action(async (url: string, names: string[], options: SessionOptions) => {
    const { listen } = await import("./live/talk.ts");
    await listen(url, names, options);
  });
}
