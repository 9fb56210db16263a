/**
 * What Holdfast uses of `@opentelemetry/api`: `import * as api from "@opentelemetry/api"` has this shape. It is written
 * down here so that neither Holdfast's code nor its types need that package where nobody watches.
 *
 * @module
 */

/** What `@opentelemetry/api` exports, as far as Holdfast uses it: versions 1.9 and later 1.x. */
export interface OpenTelemetryApi {
  /** Which context is active. */
  readonly context: {
    active(): OpenTelemetryContext;
    with<T>(context: OpenTelemetryContext, body: () => T): T;
  };
  /** Spans, and where they are in a context. */
  readonly trace: OpenTelemetryTracerProvider & {
    getSpanContext(context: OpenTelemetryContext): OpenTelemetrySpanContext | undefined;
    setSpan(context: OpenTelemetryContext, span: OpenTelemetrySpan): OpenTelemetryContext;
    setSpanContext(context: OpenTelemetryContext, spanContext: OpenTelemetrySpanContext): OpenTelemetryContext;
    isSpanContextValid(spanContext: OpenTelemetrySpanContext): boolean;
  };
  /** Measurements. */
  readonly metrics: OpenTelemetryMeterProvider;
  /** Reads a `tracestate`. */
  readonly createTraceState: (text: string) => OpenTelemetryTraceState;
  /** The context of what has none. */
  readonly ROOT_CONTEXT: OpenTelemetryContext;
}

/** A context: what runs in the course of what. */
export interface OpenTelemetryContext {
  getValue(key: symbol): unknown;
  setValue(key: symbol, value: unknown): OpenTelemetryContext;
  deleteValue(key: symbol): OpenTelemetryContext;
}

/** Makes what makes spans. */
export interface OpenTelemetryTracerProvider {
  getTracer(name: string): OpenTelemetryTracer;
}

/** Makes spans. */
export interface OpenTelemetryTracer {
  startSpan(
    name: string,
    options: { readonly kind: number; readonly attributes: OpenTelemetryAttributes },
    context: OpenTelemetryContext,
  ): OpenTelemetrySpan;
}

/** A span. */
export interface OpenTelemetrySpan {
  spanContext(): OpenTelemetrySpanContext;
  setAttribute(key: string, value: string): unknown;
  setStatus(status: { readonly code: number }): unknown;
  end(): void;
}

/** What a span is known by. */
export interface OpenTelemetrySpanContext {
  traceId: string;
  spanId: string;
  traceFlags: number;
  isRemote?: boolean;
  traceState?: OpenTelemetryTraceState;
}

/** A `tracestate`. */
export interface OpenTelemetryTraceState {
  set(key: string, value: string): OpenTelemetryTraceState;
  unset(key: string): OpenTelemetryTraceState;
  get(key: string): string | undefined;
  serialize(): string;
}

/** Makes what measures. */
export interface OpenTelemetryMeterProvider {
  getMeter(name: string): OpenTelemetryMeter;
}

/** Makes instruments. */
export interface OpenTelemetryMeter {
  createCounter(name: string, options: OpenTelemetryInstrumentOptions): OpenTelemetryCounter;
  createUpDownCounter(name: string, options: OpenTelemetryInstrumentOptions): OpenTelemetryCounter;
  createHistogram(name: string, options: OpenTelemetryInstrumentOptions): OpenTelemetryHistogram;
}

/** What an instrument is. */
export interface OpenTelemetryInstrumentOptions {
  readonly description: string;
  readonly unit: string;
  readonly advice?: { explicitBucketBoundaries: number[] };
}

/** Adds up. */
export interface OpenTelemetryCounter {
  add(value: number, attributes: OpenTelemetryAttributes): void;
}

/** Tells how values are spread. */
export interface OpenTelemetryHistogram {
  record(value: number, attributes: OpenTelemetryAttributes, context?: OpenTelemetryContext): void;
}

/** What a span or a measurement is about. */
export type OpenTelemetryAttributes = { [name: string]: string | number };
