/**
 * What a process of clients does.
 *
 * @module
 */

import assert from "node:assert/strict";
import { type Candidate, type Kind, type Line, messageOf } from "../candidates/candidate.ts";
import { sendFor } from "./batches.ts";
import type { ClientSide, Exchanged } from "./commands.ts";
import { reached } from "./service_side.ts";
import { common, processorTime } from "./usage.ts";

/** So many connections are opened at a time. */
const AT_ONCE = 32;

/** A connection, and who hears of answers just now. */
interface Peer {
  readonly line: Line;
  answered: (message?: unknown) => void;
}

/**
 * Makes the commands.
 *
 * @param candidate Whose clients.
 * @param certificate Texts in PEM.
 */
export function clientSide(candidate: Candidate, { ca }: { readonly ca: string }): ClientSide {
  const peers = new Map<Kind, Peer[]>();
  let pushed = 0;
  /** When they came, if that is asked for. */
  let arrivals: number[] | undefined;
  let id = 1;

  function count(): void {
    pushed++;
    arrivals?.push(performance.now());
  }

  async function open(kind: Kind, port: number): Promise<Peer> {
    const answered = (message?: unknown) => peer.answered(message);
    const line = await candidate.connect({ kind, port, ca, answered, pushed: count });
    const peer: Peer = { line, answered() {} };
    return peer;
  }

  /** Asks once; gives back the answer. */
  function ask(peer: Peer): Promise<unknown> {
    return new Promise((resolve) => {
      peer.answered = resolve;
      peer.line.ask(id++);
    });
  }

  /** Keeps so many requests open on each connection for a while. */
  function exchange(peers: readonly Peer[], depth: number, milliseconds: number): Promise<Exchanged> {
    return new Promise((resolve) => {
      let count = 0;
      let isOver = false;
      let stopped: { readonly count: number; readonly time: number } | undefined;
      let open = peers.length * depth;
      const processor = processorTime();
      const start = performance.now();
      const stop = () => stopped ??= { count, time: (performance.now() - start) * 1000 };
      setTimeout(() => {
        isOver = true;
        // Where a short while is not enough for a single answer, the first one stops it.
        if (count > 0) stop();
      }, milliseconds);
      for (const peer of peers) {
        peer.answered = () => {
          count++;
          if (!isOver) return peer.line.ask(id++);
          stop();
          open--;
          if (open === 0) resolve({ ...stop(), all: count, processor: processorTime() - processor });
        };
      }
      for (const peer of peers) {
        for (let i = 0; i < depth; i++) peer.line.ask(id++);
      }
    });
  }

  return {
    async connect(kind: Kind, port: number, total: number): Promise<void> {
      const list = peers.get(kind) ?? [];
      peers.set(kind, list);
      let missing = total - list.length;
      const connectAll = async () => {
        while (missing-- > 0) list.push(await open(kind, port));
      };
      await Promise.all(Array.from({ length: AT_ONCE }, connectAll));
    },
    connected: (kind: Kind): number => peers.get(kind)!.length,
    async verify(kind: Kind): Promise<void> {
      const answer = await ask(peers.get(kind)![0]!);
      if (answer === undefined) return;
      assert.deepEqual(plain(answer), plain(messageOf(kind, id - 1)));
    },
    exchange: (kind: Kind, lines: number, depth: number, milliseconds: number): Promise<Exchanged> =>
      exchange(peers.get(kind)!.slice(0, lines), depth, milliseconds),
    async exchangeOnce(kind: Kind, count: number, pause: number): Promise<number[]> {
      const peer = peers.get(kind)![0]!;
      const times: number[] = [];
      while (times.length < count) {
        const start = performance.now();
        await ask(peer);
        times.push((performance.now() - start) * 1000);
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
      return times;
    },
    async firstAnswers(kind: Kind, port: number, count: number): Promise<number[]> {
      const times: number[] = [];
      while (times.length < count) {
        const start = performance.now();
        const peer = await open(kind, port);
        await ask(peer);
        times.push((performance.now() - start) * 1000);
        await peer.line.close();
      }
      return times;
    },
    awaitPushed(timed?: boolean): void {
      pushed = 0;
      arrivals = timed === true ? [] : undefined;
    },
    gaps: (): number[] => arrivals!.slice(1).map((time, index) => (time - arrivals![index]!) * 1000),
    pushedAll: (target: number): Promise<void> => reached(() => pushed, target),
    async tell(kind: Kind, lines: number, milliseconds: number): Promise<number> {
      const chosen = peers.get(kind)!.slice(0, lines);
      const counts = await Promise.all(chosen.map(({ line }) => sendFor(kind, milliseconds, (id) => line.tell!(id))));
      return counts.reduce((sum, count) => sum + count, 0);
    },
    ...common(),
  };
}

/** Without what differs between libraries: classes, prototypes, views. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return [...value];
  if (value instanceof Date) return value.getTime();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}
