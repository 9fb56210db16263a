/**
 * The calls that every service of the original's answers, and that its tools make.
 *
 * @module
 */

import process from "node:process";
import type { Principal } from "../principal.ts";
import { Dict, Float, type PyValue } from "../wire/diset/python.ts";
import { failure, REFUSALS, success } from "../wire/diset/results.ts";
import { TIMESTAMP } from "../wire/diset/values/numbers.ts";

/** What calls are told of the service. */
export interface Called {
  readonly name: string;
  readonly url: string;
  readonly since: Date;
}

/** What a call gives, if it takes these arguments. */
interface Method {
  readonly argumentCount: number;
  readonly run: (service: Called, caller: Principal, args: readonly PyValue[]) => Dict;
}

const METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ["ping", { argumentCount: 0, run: (service) => success(ping(service)) }],
  ["whoami", { argumentCount: 0, run: (_, caller) => success(whoAmI(caller)) }],
  ["echo", { argumentCount: 1, run: (_, __, [value]) => echo(value) }],
]);

/**
 * Answers a call.
 *
 * @param method Its name.
 * @param args Its arguments.
 * @returns The result.
 */
export function answerCall(service: Called, caller: Principal, method: string, args: readonly PyValue[]): Dict {
  const found = METHODS.get(method);
  if (found === undefined) return failure(REFUSALS.unknownMethod(method));
  const { argumentCount, run } = found;
  if (args.length < argumentCount) {
    return failure(`Function ${method} expects at least ${argumentCount} arguments`);
  }
  if (args.length > argumentCount) {
    return failure(
      REFUSALS.failedServing(method, `${args.length} arguments were given, and it takes ${argumentCount}`),
    );
  }
  return run(service, caller, args);
}

/** As the original, without what is of the machine: that is not for everybody to know. */
function ping({ name, since, url }: Called): Dict {
  const now = new Date();
  const { system, user } = process.cpuUsage();
  const seconds = (microseconds: number) => new Float(microseconds / 1e6);
  return Dict.of([
    ["version", "Holdfast"],
    ["time", TIMESTAMP.encode(now)],
    ["service start time", TIMESTAMP.encode(since)],
    ["service uptime", Math.floor((now.getTime() - since.getTime()) / 1_000)],
    ["name", name],
    ["URL", url],
    ["cpu times", Dict.of([["user time", seconds(user)], ["system time", seconds(system)]])],
  ]);
}

/** Who nobody is, the original calls so. */
function whoAmI({ authenticated, group, limited, method, name, properties, subject, vo }: Principal): Dict {
  const isKnown = authenticated && name !== undefined;
  return Dict.of([
    ...(method === "none" ? [] : [["DN", subject] as const]),
    ["username", isKnown ? name : "anonymous"],
    ["group", isKnown && group !== undefined ? group : "visitor"],
    ["properties", [...properties]],
    ...(vo === undefined ? [] : [["VO", vo] as const]),
    ["isLimitedProxy", limited],
    ["validDN", authenticated],
    ["validGroup", authenticated && group !== undefined],
  ]);
}

function echo(value: PyValue | undefined): Dict {
  if (typeof value === "string") return success(value);
  return failure("Type mismatch in parameter 0 (starting with param 0): expected a text");
}
