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
    /** The one that is active. */
    active(): OpenTelemetryContext;
    /** Runs a function while a context is active. */
    with<T>(context: OpenTelemetryContext, body: () => T): T;
  };
  /** Spans, and where they are in a context. */
  readonly trace: OpenTelemetryTracerProvider & {
    /** What the span in a context is known by. */
    getSpanContext(context: OpenTelemetryContext): OpenTelemetrySpanContext | undefined;
    /** A context with a span. */
    setSpan(context: OpenTelemetryContext, span: OpenTelemetrySpan): OpenTelemetryContext;
    /** A context with a span that is elsewhere. */
    setSpanContext(context: OpenTelemetryContext, spanContext: OpenTelemetrySpanContext): OpenTelemetryContext;
    /** Whether a span is one. */
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
  /** What it has under a key. */
  getValue(key: symbol): unknown;
  /** One with another value. */
  setValue(key: symbol, value: unknown): OpenTelemetryContext;
  /** One without a value. */
  deleteValue(key: symbol): OpenTelemetryContext;
}

/** Makes what makes spans. */
export interface OpenTelemetryTracerProvider {
  /** Makes a tracer for a library. */
  getTracer(name: string): OpenTelemetryTracer;
}

/** Makes spans. */
export interface OpenTelemetryTracer {
  /** Begins a span. */
  startSpan(
    name: string,
    options: { readonly kind: number; readonly attributes: OpenTelemetryAttributes },
    context: OpenTelemetryContext,
  ): OpenTelemetrySpan;
}

/** A span. */
export interface OpenTelemetrySpan {
  /** What it is known by. */
  spanContext(): OpenTelemetrySpanContext;
  /** Adds what it is about. */
  setAttribute(key: string, value: string): unknown;
  /** Says how it has ended. */
  setStatus(status: { readonly code: number }): unknown;
  /** Ends it. */
  end(): void;
}

/** What a span is known by. */
export interface OpenTelemetrySpanContext {
  /** Its trace, in 32 hexadecimal digits. */
  traceId: string;
  /** Itself, in 16 hexadecimal digits. */
  spanId: string;
  /** W3C's flags. */
  traceFlags: number;
  /** Whether it is elsewhere. */
  isRemote?: boolean;
  /** What other systems keep with it. */
  traceState?: OpenTelemetryTraceState;
}

/** A `tracestate`. */
export interface OpenTelemetryTraceState {
  /** One with another value. */
  set(key: string, value: string): OpenTelemetryTraceState;
  /** One without a value. */
  unset(key: string): OpenTelemetryTraceState;
  /** What it has under a key. */
  get(key: string): string | undefined;
  /** As a header has it. */
  serialize(): string;
}

/** Makes what measures. */
export interface OpenTelemetryMeterProvider {
  /** Makes a meter for a library. */
  getMeter(name: string): OpenTelemetryMeter;
}

/** Makes instruments. */
export interface OpenTelemetryMeter {
  /** Makes what only grows. */
  createCounter(name: string, options: OpenTelemetryInstrumentOptions): OpenTelemetryCounter;
  /** Makes what also shrinks. */
  createUpDownCounter(name: string, options: OpenTelemetryInstrumentOptions): OpenTelemetryCounter;
  /** Makes what tells how values are spread. */
  createHistogram(name: string, options: OpenTelemetryInstrumentOptions): OpenTelemetryHistogram;
}

/** What an instrument is. */
export interface OpenTelemetryInstrumentOptions {
  /** What it measures. */
  readonly description: string;
  /** In which unit, by UCUM. */
  readonly unit: string;
  /** How it is best put together. */
  readonly advice?: { explicitBucketBoundaries: number[] };
}

/** Adds up. */
export interface OpenTelemetryCounter {
  /** Adds a value. */
  add(value: number, attributes: OpenTelemetryAttributes): void;
}

/** Tells how values are spread. */
export interface OpenTelemetryHistogram {
  /** Records a value. */
  record(value: number, attributes: OpenTelemetryAttributes, context?: OpenTelemetryContext): void;
}

/** What a span or a measurement is about. */
export type OpenTelemetryAttributes = { [name: string]: string | number };
