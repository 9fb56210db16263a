/**
 * What a service sends, on standard output: for people on a terminal, else one message a line.
 *
 * @module
 */

import { once } from "node:events";
import process from "node:process";
import { styleText } from "node:util";
import type { Definition } from "../../../mod.ts";
import { JsonWriter } from "../../live/write_json.ts";
import { hasColor } from "../../terminal.ts";

/** Writes messages. */
export class Output {
  readonly #definition: Definition;
  readonly #writer: JsonWriter;
  readonly #isForPeople: boolean;

  /**
   * @param definition The service's.
   * @param json Whether one message a line is wanted wherever it goes.
   */
  constructor(definition: Definition, json: boolean) {
    this.#definition = definition;
    this.#writer = new JsonWriter(definition.shape.types);
    this.#isForPeople = !json && process.stdout.isTTY === true;
  }

  /**
   * Writes a message.
   *
   * @param name Its name.
   * @param message What it holds.
   * @param named Whether its name is written, too.
   * @returns When there is room for more.
   */
  async write(name: string, message: unknown, named: boolean): Promise<void> {
    const type = this.#definition.shape.types[name]!;
    const text = this.#writer.write(message, type, this.#isForPeople ? "  " : "");
    if (!named) await put(`${text}\n`);
    else if (this.#isForPeople) await put(`${bold(name)} ${text}\n`);
    else await put(`{"name":"${name}","message":${text}}\n`);
  }
}

function bold(text: string): string {
  return hasColor(process.stdout, process.env) ? styleText("bold", text, { validateStream: false }) : text;
}

async function put(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, "drain");
}
