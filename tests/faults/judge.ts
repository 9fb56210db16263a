/**
 * Compares what was sent with what was handled.
 *
 * @module
 */

import { type Account, type Accounts, MARKS } from "./lab.ts";

/** What became of messages. */
export interface Verdict {
  readonly messages: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly reordered: number;
  /** What is wrong, in words. */
  readonly faults: string[];
}

const NOTHING: Account = { count: 0, hash: "", missing: 0, duplicated: 0, reordered: 0 };

/** Adds up. */
export function sum(verdicts: readonly Verdict[]): Verdict {
  const total = (of: (verdict: Verdict) => number) => verdicts.reduce((sum, verdict) => sum + of(verdict), 0);
  return {
    messages: total(({ messages }) => messages),
    lost: total(({ lost }) => lost),
    duplicated: total(({ duplicated }) => duplicated),
    reordered: total(({ reordered }) => reordered),
    faults: verdicts.flatMap(({ faults }) => faults),
  };
}

/**
 * Where no session has ended: what one side has sent, the other must have handled, all of it, once and in order.
 *
 * @param sides The accounts of all processes.
 */
export function compare(sides: readonly Accounts[]): Verdict {
  const merged = (of: (side: Accounts) => Readonly<Record<string, Account>>) =>
    new Map(sides.flatMap((side) => Object.entries(of(side))));
  const handled = merged((side) => side.handled);
  const verdicts = [...merged((side) => side.sent)].map(([stream, sent]): Verdict => {
    const { count, duplicated, hash, missing, reordered } = handled.get(stream) ?? NOTHING;
    const lost = missing + Math.max(0, sent.count - (count - duplicated + missing));
    const same = hash === sent.hash;
    const faults = same ? [] : [`${stream} was sent ${sent.count} and handled ${count}, ${lost} lost, not the same.`];
    return { messages: sent.count, lost, duplicated, reordered: reordered + (same ? 0 : 1), faults };
  });
  const rejected = sides.flatMap((side) => side.rejected);
  return sum([...verdicts, { messages: 0, lost: rejected.length, duplicated: 0, reordered: 0, faults: rejected }]);
}

/** What is known of one message. */
interface Known {
  sent: boolean;
  ran: number;
  readonly fates: Set<string>;
}

/**
 * Where sessions have ended, or processes: what was acknowledged must have been handled once, what was reported as not
 * handled must not have been, of what can't be known either is right, and all in order.
 *
 * @param journals Each as far as its process has come.
 * @param mayFail Whether messages may be reported as not handled, or not known.
 */
export function judge(journals: readonly string[], mayFail: boolean): Verdict {
  const streams = new Map<string, Map<number, Known>>();
  const last = new Map<string, number>();
  const faults: string[] = [];
  let reordered = 0;
  for (const journal of journals) {
    for (const line of journal.split("\n")) {
      const [, mark = "", digits, stream = ""] = /^(\w) (\d+) (.+)$/.exec(line) ?? [];
      // What its process was killed while writing.
      if (digits === undefined) continue;
      const seq = Number(digits);
      const all = streams.get(stream) ?? new Map<number, Known>();
      streams.set(stream, all);
      const known = all.get(seq) ?? { sent: false, ran: 0, fates: new Set() };
      all.set(seq, known);
      if (mark === MARKS.sent) known.sent = true;
      else if (mark !== MARKS.ran) known.fates.add(mark);
      else {
        known.ran++;
        if (seq < (last.get(stream) ?? 0) && known.ran === 1) {
          reordered++;
          faults.push(`${stream} ${seq} was handled after ${last.get(stream)}.`);
        }
        last.set(stream, Math.max(seq, last.get(stream) ?? 0));
      }
    }
  }
  let messages = 0;
  let lost = 0;
  let duplicated = 0;
  for (const [stream, all] of streams) {
    for (const [seq, { fates, ran, sent }] of all) {
      messages++;
      const wrong = (what: string) => faults.push(`${stream} ${seq} ${what}.`);
      if (!sent) wrong("was handled and never sent");
      if (fates.size > 1) wrong(`was told to be ${[...fates].join(" and ")}`);
      if (ran > 1 || (ran === 1 && fates.has(MARKS["not handled"]))) {
        duplicated++;
        wrong(ran > 1 ? `was handled ${ran} times` : "was handled, and told not to be");
      }
      if (ran === 0 && (fates.has(MARKS.handled) || !mayFail)) {
        lost++;
        wrong("was not handled");
      }
      if (!mayFail && !fates.has(MARKS.handled)) wrong(`was not acknowledged, but ${[...fates].join()}`);
    }
  }
  return { messages, lost, duplicated, reordered, faults };
}
