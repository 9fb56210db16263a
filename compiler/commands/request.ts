/**
 * `holdfast request`: sends requests to a live service, and writes their replies.
 *
 * @module
 */

import type { Command } from "commander";
import { addSession, JSON_HELP, type SessionOptions, URL_HELP } from "./live/options.ts";

/**
 * Adds the command.
 *
 * @param program What to add it to.
 */
export function addRequest(program: Command): void {
  const command = program.command("request")
    .summary("ask a live service, and write its replies")
    .description("Sends requests to a live service, one after the other, and writes the replies.")
    .argument("<url>", URL_HELP)
    .argument("<message>", "the request's name")
    .argument("[json]", JSON_HELP)
    .addHelpText(
      "after",
      `\nExample:\n  holdfast request tls://localhost:9145/Lab/Desk Job '{"name": "sort"}' --ca ca.pem`,
    );
  addSession(command).action(async (url: string, name: string, json: string | undefined, options: SessionOptions) => {
    const { request } = await import("./live/talk.ts");
    await request(url, name, json ?? "{}", options);
  });
}
