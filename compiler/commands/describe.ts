/**
 * `holdfast describe`: the definition of a live service.
 *
 * @module
 */

import type { Command } from "commander";
import process from "node:process";
import { print } from "../../idl/print.ts";
import { interruptible } from "../interrupt.ts";
import { say, sayJson } from "../terminal.ts";
import { addTrust, type TrustOptions, URL_HELP } from "./live/options.ts";

interface Options extends TrustOptions {
  readonly json?: true;
}

/**
 * Adds the command.
 *
 * @param program What to add it to.
 */
export function addDescribe(program: Command): void {
  const command = program.command("describe")
    .summary("write the definition of a live service")
    .description("Asks a live service for its definition, and writes it as .msg text that compiles.")
    .argument("<url>", URL_HELP)
    .option("--json", "write its shape and its comments as JSON")
    .addHelpText(
      "after",
      "\nExample:\n  holdfast describe tls://localhost:9145/Framework/PingPong --ca ca.pem > pingpong.msg",
    );
  addTrust(command).action((url: string, { json, ...trust }: Options) =>
    interruptible(async (signal) => {
      const { ask } = await import("./live/ask.ts");
      const definition = await ask(url, trust, signal);
      const { shape, docs } = definition;
      if (json) sayJson({ shape, docs });
      else if (process.stdout.isTTY) say((await import("./live/failure.ts")).printable(print(definition).trimEnd()));
      else say(print(definition).trimEnd());
    })
  );
}
