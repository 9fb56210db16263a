/**
 * What goes over the lines of a session, counted by the chunk and the write that it comes and goes in.
 *
 * @module
 */

/** Counts since the session began, over all of its lines. */
export class Traffic {
  /** Bytes given to a stream. */
  bytesSent = 0;
  /** Bytes that have come from one. */
  bytesReceived = 0;
  /** When something came last, by the clock of whoever carries the session. */
  heardAt = 0;
  /** How long the last answer to a PING took, in milliseconds; `undefined` before the first. */
  roundTrip: number | undefined = undefined;
  /** The number of the PING whose answer is awaited; 0 if none is. */
  #token = 0;
  #askedAt = 0;

  /** Whether the answer to a PING is awaited. */
  get isAsking(): boolean {
    return this.#token !== 0;
  }

  /** Something has come. */
  heard(bytes: number, now: number): void {
    this.bytesReceived += bytes;
    this.heardAt = now;
  }

  /** A PING goes out, of a number from 1. What was asked before is answered by its own PONG, which counts no more. */
  asked(token: number, now: number): void {
    this.#token = token;
    this.#askedAt = now;
  }

  /** A PONG is in what was heard last. */
  answered(token: number): void {
    if (token !== this.#token || token === 0) return;
    this.roundTrip = this.heardAt - this.#askedAt;
    this.#token = 0;
  }

  /** The session goes over to another line, where nothing that was asked is answered. */
  moved(now: number): void {
    this.#token = 0;
    this.heardAt = now;
  }
}
