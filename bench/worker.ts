/**
 * One of the two processes of a measurement: `worker.ts service|client CANDIDATE CERTIFICATES`. It obeys commands that
 * come on standard input, one JSON text a line, and ends when that ends. What it answers begins with a mark, since the
 * libraries that are measured may print something, too.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import process from "node:process";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import type { Candidate } from "./candidates/candidate.ts";
import { clientSide } from "./harness/client_side.ts";
import { type Answer, type Command, MARK } from "./harness/commands.ts";
import { serviceSide } from "./harness/service_side.ts";

const [role = "", file = "", certificates = ""] = process.argv.slice(2);
const { candidate } = await import(pathToFileURL(file).href) as { readonly candidate: Candidate };
const certificate = JSON.parse(readFileSync(certificates, "utf8"));
const side: Record<string, unknown> = {
  ...role === "service" ? serviceSide(candidate, certificate) : clientSide(candidate, certificate),
};

function say(answer: Answer): void {
  process.stdout.write(`${MARK}${JSON.stringify(answer)}\n`);
}

async function obey({ id, name, args }: Command): Promise<void> {
  try {
    const result = await (side[name] as (...args: readonly unknown[]) => unknown)(...args);
    say({ id, ...result !== undefined && { result } });
  } catch (error) {
    say({ id, error: error instanceof Error ? error.stack ?? error.message : String(error) });
  }
}

say({ id: 0 });
for await (const line of createInterface({ input: process.stdin })) void obey(JSON.parse(line));
process.exit(0);
