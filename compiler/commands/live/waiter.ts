/**
 * Messages that another message answers: the first of these belongs to the first of those, and so on.
 *
 * @module
 */

import type { Client, HoldfastError } from "../../../mod.ts";

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: HoldfastError) => void;
}

/** Sends messages over one connection, and waits for what answers them. */
export class Waiter {
  readonly #client: Client;
  readonly #waiting: Waiting[] = [];

  /**
   * @param client A client that is connected.
   * @param answer The name of the messages that answer.
   */
  constructor(client: Client, answer: string) {
    this.#client = client;
    client.on(answer, () => this.#waiting.shift()?.resolve());
    client.onDisconnect((reason) => {
      for (const { reject } of this.#waiting.splice(0)) reject(reason);
    });
  }

  /**
   * Sends a message.
   *
   * @param name Its name.
   * @param value What it holds.
   * @returns When the message that answers it has come.
   * @throws {HoldfastError} If it can't be sent, or the connection ends before.
   */
  async ask(name: string, value: Record<string, unknown>): Promise<void> {
    let waiting: Waiting | undefined;
    const answered = new Promise<void>((resolve, reject) => {
      waiting = { resolve, reject };
      this.#waiting.push(waiting);
    });
    answered.catch(() => {});
    try {
      await this.#client.send(name, value);
    } catch (error) {
      const index = this.#waiting.indexOf(waiting!);
      if (index >= 0) this.#waiting.splice(index, 1);
      throw error;
    }
    await answered;
  }
}
