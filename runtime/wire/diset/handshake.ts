/**
 * The frames by which a client and a service get to know each other. Each is a result.
 *
 * ```
 * client                                    service
 *   | proposal                         -->  |
 *   | <--  answer: a bare success           |    or an error, the last frame
 *   | connection arguments             -->  |
 *   | <--  answer: a bare success           |    or an error
 * ```
 *
 * @module
 */

import { HoldfastError } from "../../errors.ts";
import { Dict, isTrue, itemsOf, type PyValue } from "./python.ts";
import { expectSuccess, REFUSALS, success } from "./results.ts";

/** The kinds of actions that the original knows. `Connection` is what stable connections propose, `RPC` a single call. */
export const ACTION_TYPES: readonly string[] = ["RPC", "FileTransfer", "Message", "Connection"];

/** Whom a trusted host speaks for. */
export interface Delegate {
  /** The distinguished name, as `/C=ch/CN=Alice`. */
  readonly subject: string;
  /** The group that they act in. */
  readonly group: string;
}

/** What a client proposes: a list of [service, setup, vo], [type, action], extra credentials, version. */
export interface Proposal {
  /** Such as `Framework/PingPong`. */
  readonly service: string;
  readonly setup: string;
  readonly vo?: string;
  /** One of {@link ACTION_TYPES}, if it is known. */
  readonly type: string;
  /** `new` for a connection; for a call, the method. */
  readonly action: string;
  /** Empty, a group, `hosts`, or who it is that a trusted host speaks for. Claims, all of them. */
  readonly credentials: string | Delegate;
  /** What the client says its version is. */
  readonly version?: string;
}

/** What a client gives on connecting: a list of its id and a dictionary. */
export interface ConnectArguments {
  readonly identity: string;
  readonly args: Dict;
}

/** The result that a proposal is. */
export function proposalResult(proposal: Proposal): Dict {
  const { service, setup, vo, type, action, credentials, version } = proposal;
  return success([
    vo === undefined ? [service, setup] : [service, setup, vo],
    [type, action],
    typeof credentials === "string" ? credentials : [credentials.subject, credentials.group],
    ...(version === undefined ? [] : [version]),
  ]);
}

/**
 * Reads a proposal. The original takes one without version, and one without vo.
 *
 * @param value What the payload holds.
 * @throws {HoldfastError} `protocol`, with the text that the original answers.
 */
export function readProposal(value: PyValue): Proposal {
  const proposal = proposalOf(value);
  if (proposal === undefined) throw new HoldfastError("protocol", REFUSALS.invalidProposal);
  return proposal;
}

function proposalOf(value: PyValue): Proposal | undefined {
  const items = itemsOf(valueOf(value));
  const target = texts(items?.[0]);
  const what = texts(items?.[1]);
  const given = items?.[2];
  const pair = texts(given);
  const credentials = typeof given === "string" ? given : pair?.length === 2 && { subject: pair[0]!, group: pair[1]! };
  const version = items?.[3];
  if (
    target === undefined || (target.length !== 2 && target.length !== 3) || what?.length !== 2
    || typeof credentials === "boolean" || credentials === undefined
  ) return undefined;
  const [service, setup, vo] = target as [string, string, string?];
  const [type, action] = what as [string, string];
  return {
    service,
    setup,
    ...(vo !== undefined && { vo }),
    type,
    action,
    credentials,
    ...(typeof version === "string" && { version }),
  };
}

/** The value of a success; `undefined` for all else. */
function valueOf(value: PyValue): PyValue | undefined {
  return value instanceof Dict && isTrue(value.get("OK") ?? false) ? value.get("Value") : undefined;
}

/** A list or tuple of texts, and of nothing else. */
function texts(value: PyValue | undefined): readonly string[] | undefined {
  const items = itemsOf(value);
  return items?.every((item) => typeof item === "string") ? items : undefined;
}

/**
 * Reads the answer to a proposal.
 *
 * @param value What the payload holds.
 * @returns Whether the service now expects a delegation; the original's client answers that by an encoded None.
 * @throws {HoldfastError} `refused` or `unauthorized` as the service says it; `protocol` if it is no result.
 */
export function readProposalAnswer(value: PyValue): { readonly delegation: boolean } {
  const answer = expectSuccess(value);
  return { delegation: answer instanceof Dict && answer.has("delegate") };
}

/** The result that connection arguments are. */
export function connectResult({ identity, args }: ConnectArguments): Dict {
  return success([identity, args]);
}

/**
 * Reads connection arguments.
 *
 * @param value What the payload holds.
 * @throws {HoldfastError} `invalid-message`, with the text that the original answers; `protocol`, or what the client
 * says, where it is no success: the original closes then without an answer.
 */
export function readConnectArguments(value: PyValue): ConnectArguments {
  const given = expectSuccess(value);
  // To Python a text is as good as a list here; it fails for the second argument then, as it should.
  const items = typeof given === "string" ? [...given] : itemsOf(given) ?? [];
  if (items.length !== 2) throw new HoldfastError("invalid-message", REFUSALS.argumentCount(2));
  const [identity, args] = items;
  if (typeof identity !== "string") throw new HoldfastError("invalid-message", REFUSALS.argumentType(0));
  if (!(args instanceof Dict)) throw new HoldfastError("invalid-message", REFUSALS.argumentType(1));
  return { identity, args };
}

/**
 * Reads the answer to connection arguments, whose value means nothing.
 *
 * @param value What the payload holds.
 * @throws {HoldfastError} As {@link readProposalAnswer}.
 */
export function readConnectAnswer(value: PyValue): void {
  expectSuccess(value);
}

/**
 * Reads the arguments of a call.
 *
 * @param value What the payload holds.
 * @throws {HoldfastError} `protocol` if it is no list; what the client says, where it is an error.
 */
export function readCallArguments(value: PyValue): readonly PyValue[] {
  const items = itemsOf(expectSuccess(value));
  if (items === undefined) throw new HoldfastError("protocol", "The arguments of a call are no list.");
  return items;
}
