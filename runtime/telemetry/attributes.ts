/**
 * What spans and measurements are told apart by.
 *
 * @module
 */

import type { OpenTelemetryAttributes } from "./open_telemetry_api.ts";
import type { Side } from "./telemetry.ts";

/** The name of the instrumentation scope, and of the system. */
export const HOLDFAST = "holdfast";

/** What the measurements of a service's sessions are told apart by, made once for each message. */
export class ServiceAttributes {
  readonly service: string;
  readonly session: OpenTelemetryAttributes;
  readonly #sent = new Map<string, OpenTelemetryAttributes>();
  readonly #processed = new Map<string, OpenTelemetryAttributes>();
  readonly #called = new Map<string, OpenTelemetryAttributes>();

  constructor(side: Side, service: string) {
    this.service = service;
    this.session = { "holdfast.side": side, "holdfast.service": service };
  }

  sent(name: string): OpenTelemetryAttributes {
    return this.#find(this.#sent, name, (destination) => message("send", destination));
  }

  processed(name: string): OpenTelemetryAttributes {
    return this.#find(this.#processed, name, (destination) => message("process", destination));
  }

  called(name: string): OpenTelemetryAttributes {
    return this.#find(this.#called, name, (method) => ({ "rpc.system.name": HOLDFAST, "rpc.method": method }));
  }

  #find(
    among: Map<string, OpenTelemetryAttributes>,
    name: string,
    make: (path: string) => OpenTelemetryAttributes,
  ): OpenTelemetryAttributes {
    let found = among.get(name);
    if (found === undefined) among.set(name, found = make(`${this.service}/${name}`));
    return found;
  }
}

function message(operation: "send" | "process", destination: string): OpenTelemetryAttributes {
  return {
    "messaging.system": HOLDFAST,
    "messaging.operation.name": operation,
    "messaging.destination.name": destination,
  };
}
