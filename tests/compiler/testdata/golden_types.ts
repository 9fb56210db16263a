/**
 * What TypeScript must make of the golden files: this file has to pass as it is, expected errors included.
 *
 * @module
 */

import type { Definition } from "holdfast";
import type { Static } from "typebox";
import type { ServiceTypes } from "../../../idl/definition.ts";
import type * as defaults from "./golden/defaults.msg.ts";
import type * as imports from "./golden/imports.msg.ts";
import type * as language from "./golden/language.msg.ts";
import type * as names from "./golden/names.msg.ts";
import type * as recursion from "./golden/recursion.msg.ts";
import type { Hello } from "./golden/shared/common.msg.ts";
import type * as types from "./golden/types.msg.ts";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false;

/** Compiles only for `true`. */
function expect<_T extends true>(): void {}

// Static gives back the interface.
expect<Same<Static<typeof language.Ping>, language.Ping>>();
expect<Same<Static<typeof language.Level>, "debug" | "info" | "warning">>();
expect<Same<Static<typeof language.Job>, language.JobInput>>();
expect<Same<Static<typeof recursion.Json>, recursion.Json>>();
expect<Same<Static<typeof names.delete$>, names.delete$>>();

// The interfaces are what a person would write.
expect<Same<language.Ping["id"], number | bigint>>();
expect<Same<language.Job["outcome"], "done" | "failed" | null>>();
expect<Same<language.Job["input"], Uint8Array | undefined>>();
expect<Same<language.Job["where"], { site: string; slot?: number | undefined }>>();
expect<Same<language.JobInput["retries"], number | undefined>>();
expect<Same<language.Job["retries"], number>>();
expect<Same<types.Types["integersAndMore"], (number | bigint | string)[]>>();
expect<Same<names.Date["time"], Date>>();
expect<Same<Static<typeof names.Date>["time"], Date>>();

// A full value is also one that may be sent.
((job: language.Job): language.JobInput => job);
((task: defaults.Task): defaults.TaskInput => task);
((leaf: recursion.Leaf): recursion.LeafInput => leaf);
// @ts-expect-error: what has a default may be absent from what is sent.
((job: language.JobInput): language.Job => job);
// @ts-expect-error: further in as well.
((task: defaults.TaskInput): defaults.Task => task);

// The services' types.
type Of<D> = D extends Definition<infer T> ? T : never;
type Job = Of<typeof language.PingPong>["receives"]["Job"];
expect<Same<Job["write"], language.JobInput>>();
expect<Same<Job["read"], language.Job>>();
expect<Same<Job["reply"], { write: language.Accepted; read: language.Accepted }>>();
expect<Same<keyof Of<typeof language.PingPong>["sends"], "Pong" | "Notice">>();
expect<Same<keyof Of<typeof recursion.Recursion>["sends"], never>>();
expect<Same<Of<typeof imports.Imports>["receives"]["Hello"]["read"], Hello>>();
expect<Of<typeof names.NamesPingPong> extends ServiceTypes ? true : false>();
expect<Of<typeof names.NamesTwice> extends ServiceTypes ? true : false>();

// Optional fields take undefined, under exactOptionalPropertyTypes too; no others do.
const where: language.Job["where"] = { site: "CERN", slot: undefined };
// @ts-expect-error: a required field.
const nowhere: language.Job["where"] = { slot: 1 };
const nothing: types.Empty = {};
// @ts-expect-error: it has no fields.
const something: types.Empty = { field: 1 };
void [where, nowhere, nothing, something];
