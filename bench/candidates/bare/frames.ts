/**
 * Frames by hand, as fast as we know how: the limit for this machine. A frame is the payload's length with the frame's
 * type above it, a number, and the payload. All frames of a turn leave in one write; while that is under way, the next
 * ones are gathered.
 *
 * @module
 */

/** A TLS socket. */
export interface Socket {
  /** Writes; a promise while it does not want more, and the bytes must not change. */
  write(bytes: Uint8Array): Promise<unknown> | undefined;
  close(): void;
}

/** Hears what arrives. A payload is only there until the call returns. */
export type Receive = (type: number, id: number, payload: Uint8Array) => void;

/** The types of frames. */
export const ASK = 0;
export const ANSWER = 1;
export const TELL = 2;
export const PUSH = 3;

const HEADER = 8;
const TYPE_SHIFT = 28;
const LENGTH_MASK = (1 << TYPE_SHIFT) - 1;
/** An idle connection should cost next to nothing. */
const LEAST_BUFFER = 256;
/** So much is gathered before a sender is asked to wait, in bytes. */
const HIGH_WATER = 65_536;
const NONE = new Uint8Array(0);

/** Frames over a socket. */
export class Frames {
  readonly #socket: Socket;
  readonly #receive: Receive;
  /** What is gathered. */
  #out: Uint8Array = NONE;
  #end = 0;
  /** What was written last, to be filled again. */
  #spare: Uint8Array = NONE;
  #isScheduled = false;
  #writing: Promise<unknown> | undefined;
  /** A frame of which a part has arrived. */
  #partial: Uint8Array = NONE;
  #arrived = 0;

  constructor(socket: Socket, receive: Receive) {
    this.#socket = socket;
    this.#receive = receive;
  }

  /** Sends a frame. */
  send(type: number, id: number, payload: Uint8Array): void {
    const at = this.#end;
    const end = at + HEADER + payload.length;
    if (end > this.#out.length) this.#grow(end);
    this.#end = end;
    const out = this.#out;
    put32(out, at, (type << TYPE_SHIFT) | payload.length);
    put32(out, at + 4, id);
    if (payload.length > 0) out.set(payload, at + HEADER);
    if (!this.#isScheduled) this.#schedule();
  }

  /** What to wait for before sending more; `undefined` while there is room. */
  room(): Promise<unknown> | undefined {
    return this.#end < HIGH_WATER ? undefined : this.#writing;
  }

  /** To be called with what arrives, which must not change later. */
  data(chunk: Uint8Array): void {
    let at = this.#arrived > 0 ? this.#complete(chunk) : 0;
    while (chunk.length - at >= HEADER) {
      const head = get32(chunk, at);
      const end = at + HEADER + (head & LENGTH_MASK);
      if (end > chunk.length) break;
      const payload = end - at === HEADER ? NONE : chunk.subarray(at + HEADER, end);
      this.#receive(head >>> TYPE_SHIFT, get32(chunk, at + 4), payload);
      at = end;
    }
    if (at < chunk.length) this.#keep(chunk.subarray(at));
  }

  close(): void {
    this.#socket.close();
  }

  #grow(least: number): void {
    const larger = new Uint8Array(Math.max(LEAST_BUFFER, least * 2));
    larger.set(this.#out.subarray(0, this.#end));
    this.#out = larger;
  }

  #schedule(): void {
    this.#isScheduled = true;
    queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    const bytes = this.#out.subarray(0, this.#end);
    const full = this.#out;
    this.#out = this.#spare;
    this.#end = 0;
    this.#writing = this.#socket.write(bytes)?.then(() => {
      this.#spare = full;
      this.#written();
    });
    if (this.#writing !== undefined) return;
    this.#spare = this.#out;
    this.#out = full;
    this.#isScheduled = false;
  }

  #written(): void {
    this.#writing = undefined;
    if (this.#end > 0) this.#flush();
    else this.#isScheduled = false;
  }

  /** Keeps the beginning of a frame. */
  #keep(bytes: Uint8Array): void {
    const size = bytes.length < HEADER ? HEADER : HEADER + (get32(bytes, 0) & LENGTH_MASK);
    if (this.#partial.length < size) this.#partial = new Uint8Array(size);
    this.#partial.set(bytes);
    this.#arrived = bytes.length;
  }

  /** Adds to the frame of which the beginning was kept. Returns where the next one begins. */
  #complete(chunk: Uint8Array): number {
    let at = 0;
    if (this.#arrived < HEADER) {
      at = Math.min(HEADER - this.#arrived, chunk.length);
      this.#partial.set(chunk.subarray(0, at), this.#arrived);
      this.#arrived += at;
      if (this.#arrived < HEADER) return at;
    }
    const size = HEADER + (get32(this.#partial, 0) & LENGTH_MASK);
    if (this.#partial.length < size) {
      const larger = new Uint8Array(size);
      larger.set(this.#partial.subarray(0, this.#arrived));
      this.#partial = larger;
    }
    const rest = Math.min(size - this.#arrived, chunk.length - at);
    this.#partial.set(chunk.subarray(at, at + rest), this.#arrived);
    this.#arrived += rest;
    if (this.#arrived === size) {
      this.#arrived = 0;
      const head = get32(this.#partial, 0);
      this.#receive(head >>> TYPE_SHIFT, get32(this.#partial, 4), this.#partial.subarray(HEADER, size));
    }
    return at + rest;
  }
}

function put32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}

function get32(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}
