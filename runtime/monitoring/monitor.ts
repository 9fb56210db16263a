/**
 * The service `Holdfast/Monitor`, which a service offers beside its own to whoever a rule lets in.
 *
 * @module
 */

import type { Definition, ServiceTypes } from "../../idl/definition.ts";
import { Authorization } from "../authorization.ts";
import { HoldfastError } from "../errors.ts";
import type { Connection } from "../server_connection.ts";
import { ServerCore } from "../server_core.ts";
import type { ServiceSession } from "../service_session.ts";
import { SessionStore } from "../session_store.ts";
import { MessageTable } from "../wire/native/table.ts";
import { Monitor, type Watch } from "./monitor.msg.ts";
import type { Service } from "./snapshot.ts";
import { Watcher } from "./watcher.ts";

/** Who may watch a service. */
export interface MonitorOptions {
  /**
   * Whom the service tells of itself and its clients: a rule, written as behind `auth` in a `.msg` file. To everybody
   * else it is as if there were nothing to watch.
   */
  readonly auth: string | readonly string[];
}

/**
 * Makes the service that tells of another one.
 *
 * @param watched The other.
 * @param options Who may watch.
 * @throws {HoldfastError} `invalid-argument` where the rule can't be read, or the other has the same name.
 */
export function createMonitor(watched: Service, { auth }: MonitorOptions): Service {
  const { attempts, authenticator, clock, limits, log, resumable, table } = watched.core;
  const { service } = Monitor.shape;
  if (table.definition.shape.service === service) {
    throw new HoldfastError("invalid-argument", `The option "monitor" is for services not called ${service}.`);
  }
  const watchers = new Map<string, Watcher>();
  const watch = (asked: Record<string, unknown>, connection: Connection) => {
    const { transportId } = connection;
    let watcher = watchers.get(transportId);
    if (watcher === undefined) watchers.set(transportId, watcher = new Watcher(watched, connection));
    // It is the only message that there is to receive.
    watcher.watch(asked as unknown as Watch);
  };
  // The types hold for whoever watches; within, all services are alike.
  const definition = Monitor as Definition<ServiceTypes> as Definition;
  const core = new ServerCore({
    authorization: authorizationOf(definition, auth),
    attempts,
    authenticator,
    table: new MessageTable(definition, limits),
    limits,
    clock,
    // An audit is to tell who watches from who is served.
    log: (record) => log({ ...record, message: `${service}: ${record.message}` }),
    find: () => watch,
    onConnect: undefined,
    onDrop: ({ transportId }) => {
      watchers.get(transportId)?.stop();
      watchers.delete(transportId);
    },
    resumable,
    disconnectSlow: false,
    // What watches a service is no part of what it does.
    telemetry: undefined,
  });
  return { core, sessions: new SessionStore<ServiceSession>(limits, clock) };
}

function authorizationOf(definition: Definition, auth: MonitorOptions["auth"]): Authorization {
  try {
    return new Authorization(definition, { connect: auth, "receives Watch": auth, "sends Snapshot": auth });
  } catch (error) {
    const { message } = HoldfastError.from(error);
    throw new HoldfastError("invalid-argument", `The option "monitor.auth" can't be used. ${message}`);
  }
}
