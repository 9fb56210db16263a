/**
 * What `send`, `request` and `listen` do, once there is a session.
 *
 * @module
 */

import { CommandError, count as counted, EXIT_PROBLEMS, EXIT_SERVICE, note } from "../../terminal.ts";
import { explained } from "./failure.ts";
import { type Input, readInput } from "./input.ts";
import type { SessionOptions } from "./options.ts";
import { inSession, type Live, messagesOf, requireMessage } from "./session.ts";

/** How to send. */
export interface SendOptions extends SessionOptions {
  readonly acknowledge?: true;
  readonly wait?: string;
}

/** How many messages may wait to be acknowledged: more would fill the memory. */
const MAX_UNACKNOWLEDGED = 1_000;

/** `holdfast send`. */
export function send(url: string, name: string, json: string, options: SendOptions): Promise<void> {
  return inSession(url, options, async (live) => {
    const { client, definition } = live;
    if (requireMessage(definition, name, "receives") !== undefined) {
      throw new CommandError(`${name} is a request: send it by \`holdfast request\`.`, EXIT_PROBLEMS);
    }
    if (options.wait !== undefined) requireHearable(definition, [options.wait]);
    // What it is to hear of must be asked for before it can come, and be taken while the rest is sent.
    const heard = options.wait === undefined ? undefined : hear(live, [options.wait], options.count ?? 1, false);
    heard?.catch(() => {});
    let sent = 0;
    const open = new Set<Promise<void>>();
    await each(live, json, name, async (value, blame) => {
      const acknowledged = client.send(name, value, { acknowledge: options.acknowledge === true });
      sent++;
      if (!options.acknowledge) return await acknowledged;
      const one = acknowledged.catch((error) => {
        throw explained(error, blame);
      }).finally(() => open.delete(one));
      one.catch(() => {});
      open.add(one);
      if (open.size >= MAX_UNACKNOWLEDGED) await Promise.race(open);
    });
    await Promise.all(open);
    if (!live.signal.aborted) note(`sent ${counted(sent, "message")}`);
    await heard;
  });
}

/** How to ask. */
export interface RequestOptions extends SessionOptions {
  readonly parallel?: number;
}

/** `holdfast request`. */
export function request(url: string, name: string, json: string, options: RequestOptions): Promise<void> {
  return inSession(url, options, async (live) => {
    const { client, definition, output } = live;
    const reply = requireMessage(definition, name, "receives");
    if (reply === undefined) {
      throw new CommandError(`${name} is not answered: send it by \`holdfast send\`.`, EXIT_PROBLEMS);
    }
    // Written in the order in which they were asked for, however they come.
    const open: Promise<unknown>[] = [];
    const writeFirst = async (): Promise<void> => await output.write(reply, await open.shift(), false);
    await each(live, json, name, async (value, blame) => {
      const answer = client.request(name, value, { signal: live.signal }).catch((error) => {
        throw explained(error, blame);
      });
      answer.catch(() => {});
      open.push(answer);
      if (open.length >= (options.parallel ?? 1)) await writeFirst();
    });
    while (open.length > 0) await writeFirst();
  });
}

/** `holdfast listen`. */
export function listen(url: string, names: readonly string[], options: SessionOptions): Promise<void> {
  return inSession(url, options, async (live) => {
    const { shape } = live.definition;
    const isRequest = (name: string) => requireMessage(live.definition, name, "sends") !== undefined;
    const heard = names.length > 0 ? names : messagesOf(shape, "sends").filter((name) => !isRequest(name));
    if (heard.length === 0) throw new CommandError(`${shape.service} sends nothing that you may get.`, EXIT_PROBLEMS);
    requireHearable(live.definition, heard);
    note(`listening for ${heard.join(", ")}; press Ctrl+C to stop`);
    await hear(live, heard, options.count ?? Infinity, true);
  });
}

/** Does something with each message that was given. */
async function each(
  { definition, signal }: Live,
  json: string,
  name: string,
  use: (value: Record<string, unknown>, blame: Input["blame"]) => Promise<void>,
): Promise<void> {
  for await (const { value, blame } of readInput(json, name, definition, signal)) {
    if (signal.aborted) return;
    try {
      await use(value, blame);
    } catch (error) {
      throw explained(error, blame);
    }
  }
}

/** Fails where one of the names is not that of a message that the service sends, before anything is said to it. */
function requireHearable(definition: Live["definition"], names: readonly string[]): void {
  for (const name of names) {
    if (requireMessage(definition, name, "sends") !== undefined) {
      throw new CommandError(`${name} is a request of the service's: it can't be answered from here.`, EXIT_PROBLEMS);
    }
  }
}

/** Writes so many messages; each counts as handled when it is written, so that a slow reader slows the service down. */
async function hear(live: Live, names: readonly string[], most: number, named: boolean): Promise<void> {
  const { client, output, signal } = live;
  let left = most;
  for await (const { name, message } of client) {
    if (signal.aborted) return;
    if (!names.includes(name)) continue;
    await output.write(name, message, named);
    if (--left === 0) return;
  }
  throw new CommandError("the connection was closed before all had come.", EXIT_SERVICE);
}
