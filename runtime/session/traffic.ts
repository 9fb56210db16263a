/**
 * What goes over the lines of a session, counted by the chunk and the write that it comes and goes in.
 *
 * @module
 */

/**
 * So many bytes may be under way at any rate. More than a near peer has time for only waits, in buffers for which the
 * processor's cache has no room.
 */
const LEAST_SHARE = 384 * 1024;

/** So many for each millisecond that the way there and back takes: a line of 1.5 Gbit/s stays full. */
const BYTES_PER_MILLISECOND = 192 * 1024;

/** A longer way is believed by this part at a time, since one sample may be an accident; a shorter one at once. */
const LONGER_PART = 1 / 8;

/** Counts since the session began, over all of its lines. */
export class Traffic {
  /** How many bytes are to be under way; `Infinity` while the way is not known. */
  share: number = Infinity;
  /** How long the way there and back takes, once it is known, in milliseconds; with all that waits on it. */
  #way = 0;
  /** The number of the frame by which that is measured now; 0 if there is none. */
  #measured = 0;
  /** When it left; `undefined` until it does. */
  #leftAt: number | undefined;
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

  /** What was sent up to a frame, and beyond what the peer has, leaves next. */
  leaving(frame: number, arrived: number): void {
    if (this.#measured !== 0 || frame <= arrived) return;
    this.#measured = frame;
    this.#leftAt = undefined;
  }

  /** Bytes are given to a stream. */
  sent(bytes: number, now: number): void {
    this.bytesSent += bytes;
    if (this.#measured !== 0) this.#leftAt ??= now;
  }

  /** What was heard last says that the peer has all frames up to a number. */
  arrived(frame: number): void {
    if (this.#measured === 0 || frame < this.#measured) return;
    this.#measured = 0;
    if (this.#leftAt === undefined) return;
    const longer = this.heardAt - this.#leftAt - this.#way;
    this.#way += longer < 0 || this.share === Infinity ? longer : longer * LONGER_PART;
    this.share = Math.max(LEAST_SHARE, this.#way * BYTES_PER_MILLISECOND);
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
    this.#measured = 0;
    this.share = Infinity;
    this.heardAt = now;
  }
}
