/**
 * A client and a service, and the lines between them: real sessions, that a model treats as badly as a network and
 * those who use it can. Lines carry a handshake of two words and then bytes; both ends of a line are given up apart.
 *
 * @module
 */

import assert from "node:assert/strict";
import { HoldfastError } from "../../../../runtime/errors.ts";
import { Decoder } from "../../../../runtime/wire/native/decoder.ts";
import { encodeMessage } from "../../../../runtime/wire/native/encoder.ts";
import { NativeFrames } from "../../../../runtime/wire/native/frames.ts";
import type { Gap } from "../../../../runtime/wire/wire.ts";
import { message, TALK } from "../pair.ts";
import { Half } from "./half.ts";
import { Peer, type PeerBounds } from "./peer.ts";
import { Pipe } from "./pipe.ts";

/** A line that the client has made. */
interface Line {
  readonly toService: Pipe;
  readonly toClient: Pipe;
  /** OPEN, until the service reads it: the client's end of the gap, where it has a session, and whose that is. */
  open: { readonly former: Gap | undefined; readonly of: Peer | undefined } | undefined;
  /** WELCOME, until the client reads it: the service's end of the gap, or the client's side of a new session. */
  welcome: { readonly resumed: Gap } | { readonly client: Peer } | undefined;
  service: Decoder | undefined;
  client: Decoder | undefined;
  /** Whether it swallows all that is written. */
  frozen: boolean;
}

/** One of the two. */
export type Role = "service" | "client";

/** How often something happened. */
export type Tally = Map<string, number>;

/** See the module's text. */
export class World {
  client: Peer | undefined;
  service: Peer | undefined;
  readonly #bounds: { readonly [role in Role]: PeerBounds };
  readonly #tally: Tally;
  #clientLine: Line | undefined;
  #serviceLine: Line | undefined;
  /** Lines that the client has given up, on which its OPEN or its bytes are still on their way. */
  readonly #stale: Line[] = [];
  /** All that ever were. */
  readonly #peers: Peer[] = [];

  constructor(bounds: { readonly [role in Role]: PeerBounds }, tally: Tally) {
    this.#bounds = bounds;
    this.#tally = tally;
  }

  /** The client makes a line, and sends OPEN. */
  connect(): void {
    if (this.#clientLine !== undefined) return;
    const former = this.client?.isOpen ? this.client.session.gap : undefined;
    const line = { service: undefined, client: undefined, welcome: undefined, frozen: false };
    this.#clientLine = { ...line, open: { former, of: this.client }, toService: new Pipe(), toClient: new Pipe() };
  }

  /** The line breaks, and both sides see it. */
  cut(): void {
    const line = this.#clientLine ?? this.#serviceLine;
    this.#release(line);
    if (this.#clientLine === line) this.#clientLine = undefined;
  }

  /** The line breaks, and only the client sees it. */
  sever(): void {
    const line = this.#clientLine;
    if (line === undefined) return;
    this.#stale.push(line);
    this.#clientLine = undefined;
  }

  /** The line breaks, and only the service sees it. */
  forsake(): void {
    this.#release(this.#serviceLine);
  }

  /** The line swallows everything, and nobody sees it. */
  freeze(): void {
    const line = this.#clientLine;
    if (line === undefined) return;
    line.frozen = true;
    line.toService.clear();
    line.toClient.clear();
    line.open = undefined;
    line.welcome = undefined;
  }

  /** The session of a client that has not come back ends. */
  expire(): void {
    if (!this.service?.isOpen || this.#serviceLine !== undefined) return;
    this.#count("expired");
    this.service.session.disconnected(new HoldfastError("timeout", "The client did not come back."));
  }

  /** A process is gone, with all that it knew, and another takes its place. */
  restart(role: Role): void {
    const peer = this[role];
    if (peer === undefined) return;
    this.#count(`${role} restarted`);
    peer.dead = true;
    this[role] = undefined;
    if (role === "service") this.cut();
    else this.sever();
  }

  /** The client does what GOAWAY asks of it: it waits for all to be handled, and closes. */
  leave(): void {
    const { client } = this;
    if (!client?.leaving || !client.isOpen) return;
    client.leaving = false;
    client.departing = true;
    client.session.drained().then(() => client.session.idle()).then(() => {
      if (!client.isOpen) return;
      this.#count("left");
      for (const { id, told } of client.sends.things.values()) {
        if (told === "pending") throw new assert.AssertionError({ message: `the client left, and ${id} waits` });
      }
      client.fail("stopping", 0);
    }).catch((fault) => client.fault ??= fault);
  }

  /** Each side sends the same message to the other, encoded once. */
  broadcast(id: number, text: string): void {
    const encoded = encodeMessage(TALK, message("Note"), { id, text });
    for (const peer of [this.client, this.service]) {
      if (peer?.isOpen) peer.send(id, text, { overflow: "drop-oldest" }, encoded);
    }
  }

  /** A side's line takes what there is to send. Gives back whether there was something. */
  take(role: Role): boolean {
    const peer = this[role];
    const line = role === "service" ? this.#serviceLine : this.#clientLine;
    if (peer === undefined || line?.[role] === undefined || !peer.hasOutput) return false;
    peer.hasOutput = false;
    const pipe = role === "service" ? line.toClient : line.toService;
    let taken = false;
    for (let bytes = peer.session.take(); bytes !== undefined; bytes = peer.session.take()) {
      peer.takes++;
      taken = true;
      if (!line.frozen) pipe.push(bytes);
    }
    return taken;
  }

  /** So many bytes arrive at a side, or else a word of the handshake. Gives back whether something did. */
  deliver(role: Role, count: number): boolean {
    if (role === "service") {
      if (this.#clientLine?.open !== undefined) return this.#accept(this.#clientLine, this.#clientLine.open);
      return this.#push(this.#serviceLine, "service", count);
    }
    const line = this.#clientLine;
    if (line?.welcome === undefined) return this.#push(line, "client", count);
    this.#enter(line, line.welcome);
    return true;
  }

  /** How many bytes are on their way to a side. */
  onTheWay(role: Role): number {
    return (role === "service" ? this.#serviceLine?.toService : this.#clientLine?.toClient)?.length ?? 0;
  }

  /** So many bytes, or else an OPEN, arrive at the service from lines that the client has given up. */
  deliverLate(count: number): void {
    for (const line of this.#stale) {
      const { open } = line;
      line.open = undefined;
      // Of a session that is no more, it says nothing that could do harm.
      if (open?.former !== undefined && open.of === this.client && open.of?.isOpen) {
        this.#count("late OPEN");
        this.#accept(line, open);
      }
      if (line.toService.length > 0 && line !== this.#serviceLine) this.#count("old bytes ignored");
      this.#push(line, "service", count);
    }
  }

  /** Lets the promises run, and looks whether all is well. */
  async settle(): Promise<void> {
    // Waiting to leave goes through a chain of promises.
    for (let i = 0; i < 4; i++) await null;
    for (const peer of this.#peers) {
      if (peer.fault !== undefined) throw peer.fault;
      if (peer.isOpen) peer.checkBounds();
    }
  }

  /** Sees to it that all that is under way comes to its end, over a new line where need be. */
  async heal(): Promise<void> {
    for (let still = 0, rounds = 0; still < 3; rounds++) {
      assert.ok(rounds < 500, "it does not come to rest");
      if (this.#clientLine === undefined || this.#clientLine.frozen || !this.#isWhole(this.#clientLine)) {
        this.cut();
        this.connect();
      }
      for (const role of ["client", "service"] as const) {
        while (this[role]?.running.length) this[role].finish(0, "done");
      }
      const moved = [this.take("client"), this.take("service")];
      moved.push(this.deliver("service", Infinity), this.deliver("client", Infinity));
      await this.settle();
      still = moved.includes(true) ? 0 : still + 1;
    }
    const told: string[] = [];
    const open = this.#peers.filter((peer) => peer.isOpen);
    for (const { session } of open) {
      session.drained().then(() => told.push("drained"));
      session.idle().then(() => told.push("idle"));
    }
    await this.settle();
    if (this.client?.isOpen && this.service?.isOpen) {
      assert.equal(told.length, 2 * open.length, `${told} when all is done`);
    }
  }

  /** Ends all that goes on. */
  end(): void {
    for (const peer of this.#peers) if (!peer.dead) peer.session.disconnected(new HoldfastError("closed", "The end."));
  }

  /** Judges what each side was told. */
  judge(): void {
    for (const peer of this.#peers) {
      if (peer.dead) continue;
      assert.equal(peer.waiting, 0, "nothing waits when all is done");
      for (const { acknowledge, told } of peer.sends.things.values()) {
        if (typeof told === "object") this.#count(told.code);
        else if (acknowledge) this.#count("acknowledged");
      }
      if (!peer.isOpen) {
        if (peer.session.reason!.code === "limit") this.#count("ended as slow");
        assert.match(peer.session.reason!.code, /^(closed|timeout|internal|stopping|disconnected|limit)$/);
        peer.sends.judge(peer.session.outcome, peer.takes);
      } else if (this.client?.isOpen && this.service?.isOpen) {
        this.#count("whole");
        peer.sends.judgeWhole(peer.session.outcome);
        peer.judgeRest();
      }
    }
  }

  /** Whether both ends of a line are in use, or about to be. */
  #isWhole(line: Line): boolean {
    return line.open !== undefined || this.#serviceLine === line;
  }

  #release(line: Line | undefined): void {
    if (line === undefined || this.#serviceLine !== line) return;
    line.service?.stop();
    this.#serviceLine = undefined;
  }

  #push(line: Line | undefined, role: Role, count: number): boolean {
    const pipe = role === "service" ? line?.toService : line?.toClient;
    const decoder = line?.[role];
    if (decoder === undefined || pipe === undefined || pipe.length === 0) return false;
    const chunk = pipe.take(count);
    const peer = this[role];
    if (!peer?.isOpen) decoder.stop();
    else peer.hasOutput = true;
    decoder.push(chunk);
    chunk.fill(0xee);
    return true;
  }

  /** The service reads OPEN: it goes on with the session, also over the head of another line, or begins a new one. */
  #accept(line: Line, { former }: { readonly former: Gap | undefined }): true {
    const { client, service } = this;
    line.open = undefined;
    if (former !== undefined && service?.isOpen && service.receives === client?.sends) {
      if (service.session.isLate(former)) {
        this.#count("refused as late");
        assert.notEqual(line, this.#clientLine, "the client's own line is no late one");
        return true;
      }
      this.#count(this.#serviceLine === undefined ? "resumed" : "taken over");
      assert.ok(service.session.canResume(former), "the service can't go on");
      this.#serviceLine?.service?.stop();
      if (former.received < service.sends.frames) this.#count("replayed");
      line.welcome = { resumed: service.session.gap };
      service.session.resume(former);
      service.hasOutput = true;
    } else {
      this.#serviceLine?.service?.stop();
      if (service?.isOpen) service.fail("closed", 0);
      const [up, down] = [new Half(), new Half()];
      const bounds = this.#bounds;
      this.service = new Peer("service", bounds.service, bounds.client, down, up);
      line.welcome = { client: new Peer("client", bounds.client, bounds.service, up, down) };
      this.#peers.push(this.service);
    }
    this.#serviceLine = line;
    line.service = new Decoder(new NativeFrames(TALK, this.service!.session), this.#bounds.service.frame);
    return true;
  }

  /** The client reads WELCOME. */
  #enter(line: Line, welcome: NonNullable<Line["welcome"]>): void {
    line.welcome = undefined;
    if ("resumed" in welcome) {
      const { session } = this.client!;
      // It was closed while it tried to come back: the line is of no use.
      if (session.reason !== undefined) return this.cut();
      assert.ok(session.canResume(welcome.resumed), "the client can't go on");
      session.resume(welcome.resumed);
      this.client!.hasOutput = true;
    } else {
      if (this.client?.isOpen) {
        this.#count("reset");
        this.client.session.disconnected(new HoldfastError("disconnected", "The service knows of no such session."));
      }
      this.client = welcome.client;
      this.#peers.push(this.client);
    }
    line.client = new Decoder(new NativeFrames(TALK, this.client!.session), this.#bounds.client.frame);
  }

  #count(what: string): void {
    this.#tally.set(what, (this.#tally.get(what) ?? 0) + 1);
  }
}
