/**
 * Between a client's own definition and its service's. The service writes and reads by its own; what differs is
 * converted here, message by message, and what can't be is known before it is sent.
 *
 * @module
 */

import type { Definition, Message } from "../idl/definition.ts";
import type { ValueLimits } from "./limits.ts";
import type { Vocabulary } from "./names.ts";
import { MessageTable } from "./wire/native/table.ts";

/** A message of which the two definitions do not fit. */
export interface Misfit {
  readonly message: string;
  /** Whether the service receives or sends it. */
  readonly direction: "receives" | "sends";
  readonly problems: readonly string[];
}

/** See the module's text. */
export class Translation {
  readonly definition: Definition;
  readonly table: MessageTable;
  readonly declined: readonly number[] = [];
  readonly misfits: readonly Misfit[] = [];

  constructor(_own: Definition | undefined, theirs: Definition, limits: ValueLimits, _refuse: boolean) {
    this.definition = theirs;
    this.table = new MessageTable(theirs, limits);
  }

  get vocabulary(): Vocabulary {
    return this.table;
  }

  connectArguments(args: unknown): unknown {
    return args;
  }

  outgoing(_message: Message, value: unknown): unknown {
    return value;
  }

  reply(_message: Message): ((value: Record<string, unknown>) => Record<string, unknown>) | undefined {
    return undefined;
  }

  incoming(_message: Message): (value: Record<string, unknown>) => Record<string, unknown> {
    return (value) => value;
  }

  answer(_message: Message, value: unknown): unknown {
    return value;
  }
}
