/**
 * `holdfast cert`: makes a certificate for development.
 *
 * @module
 */

import { type Command, InvalidArgumentError } from "commander";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Output, shownPath, writeAll } from "../files.ts";
import { CommandError, EXIT_USAGE, say, sayJson } from "../terminal.ts";

interface Options {
  readonly out: string;
  readonly name?: readonly string[];
  readonly days?: number;
  readonly force?: true;
  readonly json?: true;
}

/**
 * Adds the command.
 *
 * @param program What to add it to.
 */
export function addCert(program: Command): void {
  program.command("cert")
    .summary("make a certificate for development")
    .description(
      "Makes a development certificate for a service, and the authority that signed it. Nothing trusts that authority "
        + "but a client that is told to. Its private key is thrown away: it will never sign anything else.",
    )
    .requiredOption("--out <folder>", "the folder to write ca.pem, cert.pem and key.pem to")
    .option("--name <name...>", "host names and IP addresses of the service (default: localhost, 127.0.0.1, ::1)")
    .option("--days <number>", "how long it is valid (default: 90)", wholeNumber)
    .option("--force", "overwrite what is there")
    .option("--json", "write the files' paths to standard output, as JSON")
    .addHelpText("after", "\nExample:\n  holdfast cert --out certs --name localhost 192.168.0.7")
    .action(makeCertificate);
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("It must be a whole number of days.");
  return Number(text);
}

async function makeCertificate({ out, name: names, days, force, json }: Options): Promise<void> {
  const [ca, cert, key] = ["ca.pem", "cert.pem", "key.pem"].map((file) => shownPath(join(out, file))) as [
    string,
    string,
    string,
  ];
  const taken = [ca, cert, key].filter((path) => existsSync(path));
  if (taken.length > 0 && !force) {
    throw new CommandError(`${taken.join(", ")}: already there. Choose another folder, or overwrite with --force.`);
  }
  // Loaded only here: the library is large, and no other command needs it.
  const { developmentCertificate } = await import("../certificate.ts");
  const made = await developmentCertificate({ ...(names && { names }), ...(days !== undefined && { days }) })
    .catch((error: unknown) => {
      if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
      throw new CommandError(error.message, EXIT_USAGE);
    });
  const outputs: Output[] = [
    { path: ca, text: made.ca },
    { path: cert, text: made.cert },
    { path: key, text: made.key, mode: 0o600 },
  ];
  writeAll(outputs);
  if (json) return sayJson({ ca, cert, key });
  for (const { path } of outputs) say(`wrote ${path}`);
  say(`
For development only. Give ${cert} and ${key} to the service.
Tell the client to trust ${ca}: it trusts no service with this certificate otherwise.
Keep ${key} to yourself.`);
}
