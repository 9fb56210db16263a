/**
 * `holdfast send`: sends messages to a live service.
 *
 * @module
 */

import type { Command } from "commander";
import { addSession, CLIENT_URL_HELP, JSON_HELP, wholeNumber } from "./live/options.ts";
import type { SendOptions } from "./live/talk.ts";

/**
 * Adds the command.
 *
 * @param program What to add it to.
 */
export function addSend(program: Command): void {
  const command = program.command("send")
    .summary("send messages to a live service")
    .description("Sends messages to a live service, by the definition that it tells: no .msg file is needed.")
    .argument("<url>", CLIENT_URL_HELP)
    .argument("<message>", "the message's name")
    .argument("[json]", JSON_HELP)
    .option("--acknowledge", "end well only when the service has handled every message")
    .option("--wait <message>", "go on until a message of that name has come, and write it")
    .option("--count <number>", "how many messages to wait for (default: 1)", wholeNumber)
    .addHelpText(
      "after",
      `
Examples:
  holdfast send tls://localhost:9145/Framework/PingPong Ping '{"id": 1}' --wait Pong --ca ca.pem
  holdfast send tls://localhost:9145/Framework/PingPong Ping @pings.ndjson --acknowledge --ca ca.pem`,
    );
  addSession(command).action(async (url: string, name: string, json: string | undefined, options: SendOptions) => {
    if (options.count !== undefined && options.wait === undefined) {
      command.error("error: option '--count <number>' says how many messages to wait for: name them by --wait.");
    }
    const { send } = await import("./live/talk.ts");
    await send(url, name, json ?? "{}", options);
  });
}
