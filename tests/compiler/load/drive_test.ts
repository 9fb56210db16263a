import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Drive, type Load, type Outcome, type Target } from "../../../compiler/load/drive.ts";

const NEVER = new AbortController().signal;

/** Something that is asked, and keeps count. */
class Sample implements Target {
  readonly asked: number[] = [];
  readonly dead = new Set<number>();
  open = 0;
  most = 0;
  readonly #answer: (index: number, connection: number) => Promise<void> | void;

  constructor(answer: (index: number, connection: number) => Promise<void> | void = () => {}) {
    this.#answer = answer;
  }

  async ask(connection: number, index: number): Promise<void> {
    this.asked[connection] = (this.asked[connection] ?? 0) + 1;
    this.most = Math.max(this.most, ++this.open);
    try {
      // As long as there is an answer from elsewhere, nothing comes back in the same turn.
      await new Promise((done) => setImmediate(done));
      await this.#answer(index, connection);
    } finally {
      this.open--;
    }
  }

  isAlive(connection: number): boolean {
    return !this.dead.has(connection);
  }

  codeOf(error: unknown): string {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}

const drive = (load: Partial<Load>, target: Target, signal = NEVER): Promise<Outcome> =>
  new Drive({ connections: 1, inFlight: 1, ...load }, target).run(signal);

describe("Drive, closed loop", () => {
  test("asks as many as it was told, over all connections, with no more in flight than allowed", async () => {
    const target = new Sample();
    const { latencies, errors, unanswered, unsent } = await drive({ connections: 3, inFlight: 4, count: 600 }, target);
    assert.deepEqual([latencies.count, errors.size, unanswered, unsent], [600, 0, 0, 0]);
    assert.equal(target.asked.reduce((sum, count) => sum + count), 600);
    assert.ok(target.asked.every((count) => count > 100), `${target.asked}`);
    assert.equal(target.most, 12);
  });

  test("ends when its time is over, and waits for what is open", async () => {
    const target = new Sample(() => sleep(150));
    const { latencies, seconds } = await drive({ duration: 100, inFlight: 2 }, target);
    assert.deepEqual([latencies.count, target.open], [2, 0]);
    assert.ok(seconds >= 0.14 && seconds < 5, `${seconds}`);
  });

  test("ends when it is interrupted, and tells what was measured so far", async () => {
    const stop = new AbortController();
    const target = new Sample((index) => index === 50 ? stop.abort() : undefined);
    const { latencies } = await drive({ inFlight: 1 }, target, stop.signal);
    assert.equal(latencies.count, 51);
  });

  test("counts errors by their code, and takes no time for them", async () => {
    const target = new Sample((index) => {
      if (index % 3 > 0) throw new RangeError(index % 3 === 1 ? "one" : "two");
    });
    const { latencies, errors } = await drive({ count: 300, inFlight: 5 }, target);
    assert.deepEqual([latencies.count, [...errors].sort()], [100, [["one", 100], ["two", 100]]]);
  });

  test("throws what is no answer, without waiting for what is open", async () => {
    const target = new Sample((index) => index === 0 ? new Promise(() => {}) : Promise.reject(new TypeError("No.")));
    await assert.rejects(drive({ inFlight: 2 }, target), TypeError);
  });

  test("leaves alone what has died, and ends when nothing is left", async () => {
    const target: Sample = new Sample((index, connection) => {
      if (connection !== index % 2) return;
      if (target.asked[connection]! < (connection + 1) * 20) return;
      target.dead.add(connection);
      throw new RangeError("dead");
    });
    const { errors } = await drive({ connections: 2 }, target);
    assert.deepEqual([...errors], [["dead", 2]]);
  });
});

describe("Drive, open loop", () => {
  test("sends each at its time, however long others take", async () => {
    const target = new Sample(() => sleep(100));
    const load = { rate: 200, duration: 500, inFlight: 1_000, connections: 2 };
    const { latencies, unsent } = await drive(load, target);
    assert.deepEqual([latencies.count, unsent, target.asked], [100, 0, [50, 50]]);
    assert.ok(target.most > 4, `${target.most}`);
  });

  test("counts the time of those that could not be sent since something stalled", async () => {
    const stalled = sleep(400);
    const load = { rate: 100, count: 40 };
    const { latencies } = await drive(load, new Sample((index) => index === 0 ? stalled : undefined));
    // Asked one after the other, without times of their own, only the first would have taken long.
    assert.equal(latencies.count, 40);
    assert.ok(latencies.percentile(50) > 100, `${latencies.percentile(50)}`);
  });

  test("says how many could not be sent at all", async () => {
    const { latencies, unsent } = await drive({ rate: 100, duration: 300 }, new Sample(() => sleep(1_000)));
    assert.deepEqual([latencies.count, unsent], [1, 29]);
  });
});
