/**
 * A TCP relay that does to its connections whatever a network can do to them.
 *
 * @module
 */

import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { setImmediate, setTimeout as delay } from "node:timers/promises";

/** How bytes travel, from when it is said. */
export type Shape =
  | { readonly way: "pass" }
  /** One byte at a time, each in a packet of its own. */
  | { readonly way: "dribble" }
  /** All that has come within so many milliseconds, in one go. */
  | { readonly way: "coalesce"; readonly ms: number }
  /** No more than so many bytes a second. */
  | { readonly way: "slow"; readonly rate: number };

/** How a connection breaks. */
export type Break =
  /** Both sides are told politely. */
  | "fin"
  /** Both sides are told rudely. */
  | "rst"
  /** Nobody is told: what is sent goes nowhere, the sockets stay open. */
  | "silence"
  /** The client is told; the service's socket stays open, and what it sends goes nowhere. */
  | "ghost"
  /** As `ghost`; but what the client has sent last still comes to the service, late, when the client is back already. */
  | "late";

/** How much may wait in a relay for one direction, in bytes. */
const ROOM = 65_536;
/** How long the service's end of a `ghost` stays open, in milliseconds. */
const GHOST = 1_500;
/** After how long what was `late` is there, in milliseconds: before the service loses its patience. */
const LATE = 700;

/** One direction of a connection. */
class Pipe {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #shape: () => Shape;
  #queue: Uint8Array[] = [];
  #size = 0;
  #isMoving = false;
  #isEnding = false;
  #state: "open" | "held" | "swallowing" = "open";
  /** How many bytes have come. */
  count = 0;
  /** Called with `count`, before those bytes go on. */
  heard: (count: number) => void = () => {};

  constructor(from: Socket, to: Socket, shape: () => Shape) {
    this.#from = from;
    this.#to = to;
    this.#shape = shape;
    from.on("data", (chunk: Uint8Array) => {
      this.count += chunk.length;
      this.heard(this.count);
      if (this.#state === "swallowing") return;
      this.#queue.push(chunk);
      this.#size += chunk.length;
      if (this.#size > ROOM && this.#state === "open") from.pause();
      void this.#move();
    });
    from.on("end", () => {
      this.#isEnding = true;
      void this.#move();
    });
  }

  /** Keeps what comes. */
  hold(): void {
    this.#state = "held";
    this.#from.resume();
  }

  /** Lets go of what was kept, and of nothing after it. */
  async release(): Promise<void> {
    this.#state = "open";
    this.#isEnding = true;
    await this.#move();
  }

  /** Throws away what comes. */
  swallow(): void {
    this.#state = "swallowing";
    this.#queue = [];
    this.#from.resume();
  }

  async #move(): Promise<void> {
    if (this.#isMoving) return;
    this.#isMoving = true;
    while (this.#queue.length > 0 && this.#state === "open" && this.#to.writable) await this.#step(this.#shape());
    this.#isMoving = false;
    if (this.#isEnding && this.#state === "open") this.#to.end();
  }

  async #step(shape: Shape): Promise<void> {
    switch (shape.way) {
      case "pass":
        return await this.#write(this.#take());
      case "coalesce":
        await delay(shape.ms);
        return await this.#write(this.#take());
      case "slow":
        await this.#write(this.#take(Math.ceil(shape.rate / 100)));
        return await delay(10);
      case "dribble": {
        for (const byte of this.#take(64)) await this.#write(Uint8Array.of(byte));
        return void await setImmediate();
      }
    }
  }

  /** Takes bytes out of the queue; all of them, unless said otherwise. */
  #take(most: number = Infinity): Uint8Array {
    const all = Buffer.concat(this.#queue);
    const taken = all.subarray(0, Math.min(most, all.length));
    this.#queue = taken.length < all.length ? [all.subarray(taken.length)] : [];
    this.#size = all.length - taken.length;
    if (this.#size <= ROOM && this.#from.isPaused()) this.#from.resume();
    return taken;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    if (this.#state !== "open" || bytes.length === 0 || this.#to.write(bytes)) return;
    await Promise.race([once(this.#to, "drain"), once(this.#to, "close")]).catch(() => {});
  }
}

/** When each side has let go of a connection: the client, the service. */
export interface Ends {
  readonly near: Promise<void>;
  readonly far: Promise<void>;
}

/** One connection of a client's, through the proxy. */
class Relay {
  readonly #near: Socket;
  readonly #far: Socket;
  readonly #up: Pipe;
  readonly #down: Pipe;
  readonly #gone: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isBroken = false;

  constructor(near: Socket, far: Socket, shape: () => Shape, gone: () => void) {
    this.#near = near;
    this.#far = far;
    this.#gone = gone;
    this.#up = new Pipe(near, far, shape);
    this.#down = new Pipe(far, near, shape);
    for (const [socket, other] of [[near, far], [far, near]] as const) {
      socket.setNoDelay(true);
      socket.on("error", () => {});
      socket.on("close", () => {
        // The other side is told as it would be; a broken relay says nothing more than its way of breaking does.
        if (!this.#isBroken) other.destroy();
        this.#gone();
      });
    }
  }

  /** Whether it still carries bytes. */
  get isAlive(): boolean {
    return !this.#isBroken && !this.#near.destroyed && !this.#far.destroyed;
  }

  /** Resolved when each side has let go of it. */
  get ends(): Ends {
    return { near: closed(this.#near), far: closed(this.#far) };
  }

  /** Breaks it when the client has sent so many bytes. */
  breakAfter(bytes: number, how: Break): void {
    this.#up.heard = (count) => {
      if (count >= bytes) this.break(how);
    };
  }

  break(how: Break): void {
    if (!this.isAlive) return;
    this.#isBroken = true;
    if (how === "late") this.#up.hold();
    else this.#up.swallow();
    this.#down.swallow();
    if (how === "fin") {
      this.#near.end();
      this.#far.end();
    } else if (how === "rst") {
      this.#near.resetAndDestroy();
      this.#far.resetAndDestroy();
    } else if (how === "ghost") {
      this.#near.resetAndDestroy();
      this.#timer = setTimeout(() => this.#far.destroy(), GHOST);
    } else if (how === "late") {
      this.#near.resetAndDestroy();
      this.#timer = setTimeout(async () => {
        await this.#up.release();
        this.#timer = setTimeout(() => this.close(), GHOST);
      }, LATE);
    }
  }

  /** Ends it, whatever it has come to. */
  close(): void {
    clearTimeout(this.#timer);
    this.#isBroken = true;
    this.#near.destroy();
    this.#far.destroy();
  }
}

/** The way from one client to the service. */
export class Line {
  readonly #server: Server;
  readonly #relays: Set<Relay> = new Set();
  #latest: Relay | undefined;
  #next: { readonly bytes: number; readonly how: Break } | undefined;
  /** How bytes travel. */
  shape: Shape = { way: "pass" };
  /** Whether new connections come through. */
  reachable = true;
  /** The service's port: another one when it has moved. */
  target: number;

  private constructor(server: Server, target: number) {
    this.#server = server;
    this.target = target;
    server.on("connection", (near) => {
      if (!this.reachable) return void near.destroy();
      const relay: Relay = new Relay(
        near,
        connect(this.target, "localhost"),
        () => this.shape,
        () => relay.isAlive || this.#relays.delete(relay),
      );
      this.#relays.add(relay);
      this.#latest = relay;
      if (this.#next !== undefined) relay.breakAfter(this.#next.bytes, this.#next.how);
      this.#next = undefined;
    });
  }

  /**
   * Opens a way to a service.
   *
   * @param target The service's port.
   */
  static async open(target: number): Promise<Line> {
    const server = createServer({ allowHalfOpen: true }).listen(0, "localhost");
    await once(server, "listening");
    return new Line(server, target);
  }

  /** Where the client connects to. */
  get port(): number {
    return (this.#server.address() as { port: number }).port;
  }

  /** Whether a connection is there to be broken. */
  get isCarrying(): boolean {
    return this.#latest?.isAlive === true;
  }

  /**
   * Breaks the connection that is there.
   *
   * @returns When each side has let go of it; `undefined` if there was none.
   */
  break(how: Break): Ends | undefined {
    const relay = this.#latest;
    if (relay?.isAlive !== true) return undefined;
    relay.break(how);
    return relay.ends;
  }

  /** Breaks the next connection, when the client has sent so many bytes over it. */
  breakNext(bytes: number, how: Break): void {
    this.#next = { bytes, how };
  }

  /** Lets nothing through any more. */
  close(): void {
    this.#server.close();
    for (const relay of this.#relays) relay.close();
  }
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) resolve();
    for (const event of ["end", "close"]) socket.once(event, () => resolve());
  });
}
