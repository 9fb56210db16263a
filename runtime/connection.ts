/**
 * The pump between a stream and a session: takes bytes from the one to the other, both ways, and does nothing else.
 *
 * Whatever is written in one turn of the event loop leaves in one write, but for a wire whose frames need a pace: there
 * one leaves after the other. While the stream has no room, it stays in the session's output, which is how the session
 * learns that the peer does not read.
 *
 * @module
 */

import type { Deadlines, Sleeper } from "./deadlines.ts";
import { explain, HoldfastError, tellable } from "./errors.ts";
import type { Limits } from "./limits.ts";
import { judgeSilence } from "./session/liveness.ts";
import type { Session } from "./session/session.ts";
import type { Stream, StreamEvents } from "./transport/transport.ts";
import type { FrameDecoder, KeepAlive } from "./wire/wire.ts";

/** How long the last bytes may take to leave, in milliseconds. */
const LINGER = 5_000;

/** While a frame takes long to arrive, its sender hears something of this side so often. In milliseconds. */
const NOD = 1_000;

/** How much a peer that waits to be let in may say beside one frame, in bytes. */
const SIGNS_OF_LIFE = 1024;

/** How much may come at once, before a stream that is to pause does: Bun reads 512 KiB. In bytes. */
const MOST_AT_ONCE = 1024 * 1024;

/** How much that answers signs of life may wait until a peer reads it that waits to be let in, in bytes. */
const MOST_ANSWERS = 16 * 1024;

/** Hears what becomes of a stream. None of these may throw. */
export interface PumpEvents {
  /** What arrived can't be used; nothing more is read. */
  fault(error: HoldfastError): void;
  /** The stream has ended; called once. */
  ended(reason: HoldfastError): void;
  /** The peer was asked for a sign of life (`true`), or has given one (`false`). */
  stale(stale: boolean): void;
}

/** See the module's text. */
export class Pump implements StreamEvents, Sleeper {
  wakeAt = 0;
  place = -1;
  readonly #deadlines: Deadlines;
  readonly #limits: Limits;
  readonly #events: PumpEvents;
  readonly #decoder: FrameDecoder;
  readonly #keepAlive: KeepAlive;
  readonly #pace: number | undefined;
  #heardAt = 0;
  /** When it was asked for a sign of life, and has given none since. */
  #askedAt: number | undefined;
  #stream: Stream | undefined;
  #session: Session | undefined;
  #scheduled = false;
  /** Whether nothing is to be written now: the stream has no room, or what was written last has not left. */
  #full = false;
  /** Whether nothing is read until the session has room. */
  #braked = false;
  /** What waits to be written although there may be a session, where frames leave one by one. */
  readonly #beforehand: Uint8Array[] | undefined;
  #ending = false;
  #ended = false;
  #silence: HoldfastError | undefined;
  #pings = 0;
  /** When this side has said something last. */
  #saidAt = 0;

  /**
   * @param decoder Cuts what arrives into frames; its owner says who gets them.
   * @param keepAlive The frames by which the line shows that it is alive.
   * @param deadlines Says when to look whether the peer is there.
   * @param pace Where frames have to leave one by one: how long after the one before has left, in milliseconds.
   */
  constructor(
    decoder: FrameDecoder,
    keepAlive: KeepAlive,
    limits: Limits,
    deadlines: Deadlines,
    events: PumpEvents,
    pace?: number,
  ) {
    this.#decoder = decoder;
    this.#keepAlive = keepAlive;
    this.#pace = pace;
    this.#beforehand = pace === undefined ? undefined : [];
    this.#limits = limits;
    this.#deadlines = deadlines;
    this.#events = events;
  }

  /** Begins with a stream. */
  attach(stream: Stream): void {
    this.#stream = stream;
    this.#saidAt = this.#heardAt = this.#deadlines.clock.now();
    this.#deadlines.set(this, this.#limits.keepAlive);
  }

  /** Writes a frame that is no part of a session. */
  write(frame: Uint8Array): void {
    if (this.#beforehand === undefined) return this.#send(frame);
    this.#beforehand.push(frame);
    this.flush();
  }

  /** Writes what answers a sign of life of the handshake, where frames leave one by one, as {@link Pump.pong}. */
  answer(frame: Uint8Array): void {
    const waiting = this.#beforehand!.reduce((sum, { length }) => sum + length, 0);
    if (waiting + frame.length <= MOST_ANSWERS) this.write(frame);
  }

  /** Answers a PING of the handshake, unless the peer does not read the answers. */
  pong(token: number): void {
    if (this.#full) return;
    const pong = this.#keepAlive.pong(token);
    if (pong !== undefined) this.write(pong);
  }

  /** Holds back what arrives, until {@link Pump.release}. */
  hold(): void {
    this.#decoder.hold();
  }

  /** Goes on with what was held back. */
  release(): void {
    this.#read(undefined);
  }

  /**
   * Reads no more until half of the session's window is free again: on a wire by which the peer does not learn how much
   * it may send, it is to be slowed down.
   */
  brake(): void {
    if (this.#braked || this.#ending) return;
    this.#braked = true;
    this.#decoder.hold();
    this.#stream?.pause();
  }

  /**
   * From here on, frames come from a session; whoever owns the decoder has them go there.
   *
   * @param arrived The number of the last counted frame of ours that the peer has.
   */
  carry(session: Session, arrived = 0): void {
    this.#session = session;
    session.traffic.moved(this.#deadlines.clock.now());
    this.#decoder.log?.begin(session.gap.received, arrived);
    this.#decoder.limit = this.#limits.frame;
    this.flush();
  }

  /** Sees to it that what the session has to send leaves in this turn. */
  schedule(): void {
    if (this.#scheduled || this.#full) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.flush();
    });
  }

  /** Writes what the session has to send, as far as the stream has room. */
  flush(): void {
    this.#writeAll();
    if (this.#braked && !this.#ending && this.#session!.crowding <= 0.5) {
      this.#braked = false;
      this.#stream?.resume();
      this.release();
    }
  }

  #writeAll(): void {
    while (!this.#full) {
      const bytes = this.#beforehand?.shift() ?? this.#session?.take();
      if (bytes === undefined) {
        if (this.#ending) this.#stream?.close();
        return;
      }
      this.#send(bytes);
    }
  }

  /** Asks how long the way there and back takes now, unless that is being asked, or answers name no question. */
  time(): void {
    const session = this.#session;
    if (session === undefined || session.traffic.isAsking || this.#pace !== undefined) return;
    this.#ping(session);
    this.schedule();
  }

  /** Ends the stream when all has left, at the latest after a while. Nothing is read any more. */
  end(): void {
    if (this.#ending || this.#ended) return;
    this.#ending = true;
    this.#decoder.stop();
    this.#deadlines.set(this, LINGER);
    if (this.#pace === undefined) {
      // The last frame is not to wait for room.
      this.#full = false;
      this.flush();
      this.#stream?.close();
    } else {
      this.flush();
    }
  }

  /** Ends the stream at once. The session may go on over another: nothing of it is taken any more. */
  destroy(): void {
    this.#ending = true;
    this.#session = undefined;
    this.#decoder.stop();
    this.#deadlines.delete(this);
    this.#stream?.destroy();
  }

  /** Puts what came and went last into the error of this line's end. */
  explain(reason: HoldfastError): void {
    const { log } = this.#decoder;
    if (log !== undefined) explain(reason, () => log.list(this.#deadlines.clock.now()));
  }

  data(chunk: Uint8Array): void {
    const now = this.#deadlines.clock.now();
    this.#heard(now);
    this.#decoder.log?.tick(now);
    this.#session?.traffic.heard(chunk.length, now);
    this.#read(chunk);
    if (this.#decoder.kept > 0) this.#nod();
  }

  closed(cause?: unknown): void {
    this.#deadlines.delete(this);
    this.#ended = true;
    // What arrived before the end is heard before it, even if it was held back: so much of it as there is room for.
    const hasRoom = this.#session !== undefined && (!this.#braked || this.#session.crowding < 1);
    this.#braked = false;
    if (hasRoom) this.release();
    this.#decoder.stop();
    this.#full = true;
    const reason = this.#silence !== undefined
      ? this.#silence
      : cause === undefined
      ? new HoldfastError("disconnected", "The peer ended the connection without a word.")
      : new HoldfastError("disconnected", `The connection broke: ${HoldfastError.from(cause).message}`, { cause });
    // Where this side has ended the line, but for the peer's silence, its session has ended before, or goes on.
    if (!this.#ending || this.#silence !== undefined) this.explain(reason);
    this.#events.ended(reason);
  }

  /** The peer has shown that it is there. */
  #heard(now: number): void {
    if (this.#askedAt !== undefined) this.#events.stale(false);
    this.#heardAt = now;
    this.#askedAt = undefined;
  }

  /**
   * Lets itself be heard while the rest of a frame is on its way: nothing else would be said before it is whole, since a
   * PING of the sender's stands behind it.
   */
  #nod(): void {
    const pause = Math.min(NOD, this.#limits.keepAlive / 2);
    if (!this.#ending && this.#deadlines.clock.now() - this.#saidAt >= pause) this.pong(0);
  }

  #send(bytes: Uint8Array): void {
    this.#saidAt = this.#deadlines.clock.now();
    const { log } = this.#decoder;
    log?.tick(this.#saidAt);
    log?.sent(bytes);
    if (this.#session !== undefined) this.#session.traffic.bytesSent += bytes.length;
    if (this.#pace !== undefined) return this.#sendAlone(bytes, this.#pace);
    const room = this.#stream?.write(bytes);
    if (room === undefined) return;
    this.#full = true;
    room.then(() => {
      this.#full = this.#ended;
      this.flush();
    });
  }

  /** Sends a frame that is to leave by itself. */
  #sendAlone(bytes: Uint8Array, pace: number): void {
    const goOn = () => {
      this.#full = this.#ended;
      this.flush();
    };
    this.#full = true;
    void this.#stream?.write(bytes, () => {
      this.#session?.left();
      if (this.#braked) this.#heard(this.#deadlines.clock.now());
      if (pace > 0) this.#deadlines.clock.set(pace, goOn);
      else goOn();
    });
  }

  /** Reads what arrived or, where nothing did, what was held back. */
  #read(chunk: Uint8Array | undefined): void {
    try {
      if (chunk === undefined) this.#decoder.release();
      else this.#decoder.push(chunk);
    } catch (error) {
      this.#decoder.stop();
      const fault = tellable(error);
      this.explain(fault);
      this.#events.fault(fault);
    }
    // Only what is held back can be so much: one frame, and signs of life, before there is a session.
    const { kept, limit } = this.#decoder;
    const more = this.#session === undefined ? SIGNS_OF_LIFE : limit + this.#limits.window + MOST_AT_ONCE;
    if (kept > limit + more) {
      this.#decoder.stop();
      this.#events.fault(new HoldfastError("limit", "More arrived than may wait."));
    }
    if (this.#session !== undefined) this.schedule();
  }

  /** Looks whether the peer has been heard, or the last bytes have left in time. */
  wake(): void {
    if (this.#ending) return this.#stream?.destroy();
    if (this.#braked && !this.#full) this.#knock(this.#session!);
    const verdict = judgeSilence(this.#limits.keepAlive, this.#heardAt, this.#askedAt, this.#deadlines.clock.now());
    this.#session?.rest();
    if (verdict === "give up") return this.#giveUp();
    if (verdict === "ask") this.#ask();
    // What has begun with the flush may have ended the stream.
    if (!this.#ending) this.#deadlines.set(this, verdict === "ask" ? this.#limits.keepAlive : verdict);
  }

  /** Asks for a sign of life. */
  #ask(): void {
    this.#askedAt = this.#deadlines.clock.now();
    this.#events.stale(true);
    if (this.#session === undefined) this.write(this.#keepAlive.ping(++this.#pings));
    else this.#ping(this.#session);
    this.flush();
  }

  #ping(session: Session): void {
    session.ping(++this.#pings);
    session.traffic.asked(this.#pings, this.#deadlines.clock.now());
  }

  /**
   * Says something to a peer that is not listened to, and so can't be heard. If it is there, it takes that; if it has
   * gone, its system says so.
   */
  #knock(session: Session): void {
    this.#heard(this.#deadlines.clock.now());
    session.ping(++this.#pings);
    this.flush();
  }

  /** Cuts the line without a goodbye, which a silent peer would not answer either. */
  #giveUp(): void {
    this.#silence = new HoldfastError("timeout", "The peer has been silent for too long.");
    this.destroy();
  }
}
