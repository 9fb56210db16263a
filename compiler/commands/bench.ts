/**
 * `holdfast bench`: puts load on a live service, and takes the time.
 *
 * @module
 */

import { type Command, InvalidArgumentError } from "commander";
import type { BenchOptions } from "./live/load.ts";
import { addClient, CLIENT_URL_HELP, duration, JSON_HELP, wholeNumber } from "./live/options.ts";

/**
 * Adds the command.
 *
 * @param program What to add it to.
 */
export function addBench(program: Command): void {
  const command = program.command("bench")
    .summary("put load on a live service of one's own, and take the time")
    .description(
      "Sends a request over and over, or a message until it is handled or answered, and tells how many a second there were "
        + "and how long they took. For services of your own.",
    )
    .argument("<url>", CLIENT_URL_HELP)
    .argument("<message>", "the message's name")
    .argument("[json]", `${JSON_HELP}; of several, one after the other is sent, over and over`)
    .option("--wait <message>", "what answers a message that is not a request: the next of that name")
    .option("--connections <number>", "how many connections (default: 1)", wholeNumber)
    .option("--in-flight <number>", "how many may be unanswered on each (default: 1, with --rate 1000)", wholeNumber)
    .option("--rate <number>", "how many to send a second, however long they take (default: as answers come)", rate)
    .option("--duration <time>", "how long: 500ms, 10s, 5m, 1h (default: 10s, unless there is --count)", duration)
    .option("--count <number>", "how many to send", wholeNumber)
    .option("--plot <file>", "draw what came of it: SVG")
    .option("--json", "write what came of it to standard output as JSON")
    .addHelpText(
      "after",
      `
Examples:
  holdfast bench tls://localhost:9145/Lab/Desk Job '{"name": "sort"}' --in-flight 64 --ca ca.pem
  holdfast bench tls://localhost:9145/Lab/Desk Job @jobs.ndjson --rate 2000 --connections 10 --plot jobs.svg --ca ca.pem`,
    );
  addClient(command).action(async (url: string, name: string, json: string | undefined, options: BenchOptions) => {
    if (options.identity !== undefined && (options.connections ?? 1) > 1) {
      command.error(
        "error: option '--identity <name>' is for one connection: a service knows each by a name of its own.",
      );
    }
    const { bench } = await import("./live/load.ts");
    await bench(url, name, json ?? "{}", options);
  });
}

/** How many a second. */
function rate(text: string): number {
  const number = /^\d{1,9}(\.\d{1,9})?$/.test(text) ? Number(text) : 0;
  if (number > 0) return number;
  throw new InvalidArgumentError("It must be a number above 0.");
}
