/**
 * `holdfast request`: sends requests to a live service, and writes their replies.
 *
 * @module
 */

import type { Command } from "commander";
import { addSession, CLIENT_URL_HELP, JSON_HELP, wholeNumber } from "./live/options.ts";
import type { RequestOptions } from "./live/talk.ts";

/**
 * Adds the command.
 *
 * @param program What to add it to.
 */
export function addRequest(program: Command): void {
  const command = program.command("request")
    .summary("ask a live service, and write its replies")
    .description("Sends requests to a live service, and writes the replies, in the order of the requests.")
    .argument("<url>", CLIENT_URL_HELP)
    .argument("<message>", "the request's name")
    .argument("[json]", JSON_HELP)
    .option("--parallel <number>", "how many may be unanswered at once (default: 1)", wholeNumber)
    .addHelpText(
      "after",
      `\nExample:\n  holdfast request tls://localhost:9145/Lab/Desk Job '{"name": "sort"}' --ca ca.pem`,
    );
  addSession(command).action(async (url: string, name: string, json: string | undefined, options: RequestOptions) => {
    const { request } = await import("./live/talk.ts");
    await request(url, name, json ?? "{}", options);
  });
}
