/**
 * `holdfast top`: how a live service and its clients are doing.
 *
 * @module
 */

import { type Command, InvalidArgumentError, Option } from "commander";
import { addTrust, URL_HELP } from "./live/options.ts";
import { ORDERS, type TopOptions } from "./top/options.ts";

/**
 * Adds the command.
 *
 * @param program What to add it to.
 */
export function addTop(program: Command): void {
  const command = program.command("top")
    .summary("watch a live service and its clients")
    .description(
      "Shows who is connected to a live service and how they are doing, for whoever it lets watch (its option monitor).",
    )
    .argument("<url>", URL_HELP)
    .addOption(new Option("--sort <order>", "who stands first").choices(Object.keys(ORDERS)).default("waiting"))
    .option("--every <seconds>", "how often, 0.1 to 3600", seconds, 2)
    .option("--limit <number>", "how many sessions, 1 to 1000", sessionCount, 100)
    .option("--once", "watch once for as long as that, write what was seen, and end")
    .option("--json", "write one snapshot a line as JSON")
    .addHelpText(
      "after",
      `
Keys, on a terminal: w, u, r, t, o, p, s and a sort, by what the columns are marked with; q ends.

Example:
  holdfast top tls://localhost:9145/Framework/PingPong --ca ca.pem --sort rate`,
    );
  addTrust(command).action(async (url: string, options: TopOptions) => {
    const { top } = await import("./top/watch.ts");
    await top(url, options);
  });
}

function seconds(text: string): number {
  const number = /^\d{1,4}(\.\d{1,3})?$/.test(text) ? Number(text) : NaN;
  if (number >= 0.1 && number <= 3600) return number;
  throw new InvalidArgumentError("It must be a number of seconds, 0.1 to 3600.");
}

function sessionCount(text: string): number {
  const number = /^\d{1,4}$/.test(text) ? Number(text) : NaN;
  if (number >= 1 && number <= 1000) return number;
  throw new InvalidArgumentError("It must be a whole number, 1 to 1000.");
}
