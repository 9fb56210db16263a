/**
 * Watching by OpenTelemetry.
 *
 * @module
 */

import { type ErrorCode, HoldfastError } from "../errors.ts";
import { checkNames } from "../names.ts";
import type { TraceContext } from "../wire/wire.ts";
import { HOLDFAST, ServiceAttributes } from "./attributes.ts";
import { createInstruments, type Instruments } from "./instruments.ts";
import type {
  OpenTelemetryApi,
  OpenTelemetryAttributes,
  OpenTelemetryContext,
  OpenTelemetryHistogram,
  OpenTelemetryMeterProvider,
  OpenTelemetrySpan,
  OpenTelemetryTracer,
  OpenTelemetryTracerProvider,
} from "./open_telemetry_api.ts";
import type { LineTelemetry, Operation, SessionTelemetry, Side, Telemetry, WatchedSession } from "./telemetry.ts";

/** What to watch, and whom to tell. */
export interface OpenTelemetryOptions {
  /** Whether to make spans, and to carry their contexts to the other side; on unless turned off. */
  readonly traces?: boolean;
  /** Makes the tracer, instead of the provider that is registered with the API. */
  readonly tracerProvider?: OpenTelemetryTracerProvider;
  /** Makes the meter, instead of the provider that is registered with the API. */
  readonly meterProvider?: OpenTelemetryMeterProvider;
}

/** The numbers that `SpanKind` and `SpanStatusCode` have, by OpenTelemetry's specification. */
const SERVER = 1;
const CLIENT = 2;
const CONSUMER = 4;
const ERROR = 2;

/**
 * Watches by OpenTelemetry: give what it returns to `serve` or to a client.
 *
 * There is a span for each request, at both sides, and for each message that is handled; those of one side are children of
 * what the other sent them in the course of. `docs/observing.md` lists them, and what is measured. Without an SDK that is
 * registered (Deno has one built in: `OTEL_DENO=true`), nothing comes of it.
 *
 * @param api What `@opentelemetry/api` exports: `import * as api from "@opentelemetry/api"`.
 * @param options What to watch, and whom to tell.
 * @returns What watches; any number of services and clients may share it.
 * @throws {HoldfastError} `invalid-argument` where that is not the API, or an option can't be used.
 *
 * @example
 * ```ts
 * import * as api from "@opentelemetry/api";
 * import { Client, openTelemetry } from "holdfast";
 *
 * await using client = new Client("tls://localhost:1/Framework/PingPong", undefined, {
 *   telemetry: openTelemetry(api),
 * });
 * console.log(client.status.state); // idle
 * ```
 */
export function openTelemetry(api: OpenTelemetryApi, options: OpenTelemetryOptions = {}): Telemetry {
  if (typeof api?.trace?.getTracer !== "function" || typeof api.metrics?.getMeter !== "function") {
    throw new HoldfastError(
      "invalid-argument",
      'openTelemetry() takes what the package exports: import * as api from "@opentelemetry/api".',
    );
  }
  checkNames("openTelemetry()", options, ["traces", "tracerProvider", "meterProvider"]);
  return new OpenTelemetry(api, options);
}

class OpenTelemetry implements Telemetry {
  readonly traces: boolean;
  readonly api: OpenTelemetryApi;
  readonly tracer: OpenTelemetryTracer | undefined;
  readonly instruments: Instruments;
  /** By side and name: the sessions of one service share what they are told apart by. */
  readonly #services = new Map<string, ServiceAttributes>();

  constructor(api: OpenTelemetryApi, { traces = true, tracerProvider, meterProvider }: OpenTelemetryOptions) {
    this.api = api;
    this.traces = traces;
    this.tracer = traces ? (tracerProvider ?? api.trace).getTracer(HOLDFAST) : undefined;
    this.instruments = createInstruments((meterProvider ?? api.metrics).getMeter(HOLDFAST));
  }

  line(side: Side): LineTelemetry {
    const { connections, io } = this.instruments;
    const about = { "holdfast.side": side };
    const received = { ...about, "network.io.direction": "receive" };
    const sent = { ...about, "network.io.direction": "transmit" };
    connections.add(1, about);
    return {
      received: (bytes) => io.add(bytes, received),
      sent: (bytes) => io.add(bytes, sent),
      ended: () => connections.add(-1, about),
    };
  }

  session(session: WatchedSession): SessionTelemetry {
    const { service, side } = session;
    const key = `${side} ${service}`;
    let attributes = this.#services.get(key);
    if (attributes === undefined) this.#services.set(key, attributes = new ServiceAttributes(side, service));
    return new WatchedByOpenTelemetry(this, attributes, session);
  }
}

class WatchedByOpenTelemetry implements SessionTelemetry {
  readonly #watch: OpenTelemetry;
  readonly #attributes: ServiceAttributes;
  readonly #session: WatchedSession;
  readonly #begun = performance.now();

  constructor(watch: OpenTelemetry, attributes: ServiceAttributes, session: WatchedSession) {
    this.#watch = watch;
    this.#attributes = attributes;
    this.#session = session;
    watch.instruments.sessions.add(1, attributes.session);
  }

  sends(name: string): TraceContext | undefined {
    const { api, instruments, traces } = this.#watch;
    instruments.sent.add(1, this.#attributes.sent(name));
    return traces ? toldOf(api, api.context.active()) : undefined;
  }

  requests(name: string): Operation {
    const { api, instruments } = this.#watch;
    const { server } = this.#session;
    const attributes = this.#attributes.called(name);
    return this.#begin(instruments.clientCall, attributes, api.context.active(), {
      name: `${this.#attributes.service}/${name}`,
      kind: CLIENT,
      attributes: server && { "server.address": server.hostname, "server.port": server.port },
    });
  }

  handles(name: string, isRequest: boolean, trace: TraceContext | undefined): Operation {
    const { api, instruments } = this.#watch;
    // What is active here is whatever the line was made in the course of, which this is no part of.
    const parent = trace === undefined ? api.ROOT_CONTEXT : contextOf(api, trace);
    const path = `${this.#attributes.service}/${name}`;
    if (isRequest) {
      const attributes = this.#attributes.called(name);
      return this.#begin(instruments.serverCall, attributes, parent, { name: path, kind: SERVER });
    }
    const attributes = this.#attributes.processed(name);
    instruments.consumed.add(1, attributes);
    return this.#begin(instruments.process, attributes, parent, {
      name: `process ${path}`,
      kind: CONSUMER,
      attributes: { "messaging.operation.type": "process" },
    });
  }

  waits(): () => void {
    const begun = performance.now();
    return () => this.#watch.instruments.windowWait.record(secondsSince(begun), this.#attributes.session);
  }

  resumed(): void {
    this.#watch.instruments.resumptions.add(1, this.#attributes.session);
  }

  ended(reason: ErrorCode): void {
    const { sessionDuration, sessions } = this.#watch.instruments;
    const { session } = this.#attributes;
    sessions.add(-1, session);
    // That somebody leaves is no error.
    const how = reason === "closed" || reason === "stopping" ? session : { ...session, "error.type": reason };
    sessionDuration.record(secondsSince(this.#begun), how);
  }

  #begin(
    duration: OpenTelemetryHistogram,
    about: OpenTelemetryAttributes,
    parent: OpenTelemetryContext,
    { name, kind, attributes }: {
      readonly name: string;
      readonly kind: number;
      readonly attributes?: OpenTelemetryAttributes | undefined;
    },
  ): Operation {
    const { api, tracer } = this.#watch;
    if (tracer === undefined) return new Span(api, parent, undefined, duration, about);
    const all = { ...about, ...attributes, "holdfast.transport_id": this.#session.transportId };
    const span = tracer.startSpan(name, { kind, attributes: all }, parent);
    return new Span(api, api.trace.setSpan(parent, span), span, duration, about);
  }
}

/** A span, where there are some, and a time that is measured. */
class Span implements Operation {
  readonly #api: OpenTelemetryApi;
  readonly #context: OpenTelemetryContext;
  readonly #span: OpenTelemetrySpan | undefined;
  readonly #duration: OpenTelemetryHistogram;
  readonly #about: OpenTelemetryAttributes;
  readonly #begun = performance.now();
  #isOver = false;

  constructor(
    api: OpenTelemetryApi,
    context: OpenTelemetryContext,
    span: OpenTelemetrySpan | undefined,
    duration: OpenTelemetryHistogram,
    about: OpenTelemetryAttributes,
  ) {
    this.#api = api;
    this.#context = context;
    this.#span = span;
    this.#duration = duration;
    this.#about = about;
  }

  get trace(): TraceContext | undefined {
    return this.#span && toldOf(this.#api, this.#context);
  }

  run<T>(body: () => T): T {
    return this.#api.context.with(this.#context, body);
  }

  end(error?: ErrorCode): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const about = error === undefined ? this.#about : { ...this.#about, "error.type": error };
    this.#duration.record(secondsSince(this.#begun), about, this.#context);
    if (error !== undefined) {
      this.#span?.setAttribute("error.type", error);
      this.#span?.setStatus({ code: ERROR });
    }
    this.#span?.end();
  }
}

/** What the peer is told of a context. */
function toldOf(api: OpenTelemetryApi, context: OpenTelemetryContext): TraceContext | undefined {
  const told = api.trace.getSpanContext(context);
  if (told === undefined || !api.trace.isSpanContextValid(told)) return undefined;
  const { spanId, traceFlags, traceId, traceState } = told;
  return { traceId, spanId, flags: traceFlags, state: traceState?.serialize() ?? "" };
}

/** The context that the peer has told of. */
function contextOf(api: OpenTelemetryApi, { flags, spanId, state, traceId }: TraceContext): OpenTelemetryContext {
  return api.trace.setSpanContext(api.ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: flags,
    isRemote: true,
    ...(state !== "" && { traceState: api.createTraceState(state) }),
  });
}

function secondsSince(begun: number): number {
  return (performance.now() - begun) / 1_000;
}
