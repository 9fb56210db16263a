/**
 * OpenTelemetry's own SDK, as a program has it that watches itself, with what it was told kept in memory.
 *
 * @module
 */

import * as api from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { type DataPoint, DataPointType, type Histogram, MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { openTelemetry, type OpenTelemetryOptions, type Telemetry } from "../../../mod.ts";

/** A reader that is asked. */
class Reader extends MetricReader {
  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }

  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}

/** What was measured under one set of attributes: a sum, or how many values there were. */
export interface Measured {
  readonly unit: string;
  readonly attributes: api.Attributes;
  readonly value: number;
}

/** One side's telemetry, and what it has come to. */
export interface Kit {
  readonly telemetry: Telemetry;
  readonly tracer: api.Tracer;
  /** The spans that have ended, in that order. */
  spans(): ReadableSpan[];
  /** What was measured, by the instrument's name. */
  measured(name: string): Promise<Measured[]>;
}

/**
 * Makes one.
 *
 * @param options As for `openTelemetry`.
 */
export function kit(options: OpenTelemetryOptions = {}): Kit {
  const exporter = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const reader = new Reader();
  const meterProvider = new MeterProvider({ readers: [reader] });
  return {
    telemetry: openTelemetry(api, { tracerProvider, meterProvider, ...options }),
    tracer: tracerProvider.getTracer("test"),
    spans: () => exporter.getFinishedSpans(),
    async measured(name) {
      const { resourceMetrics, errors } = await reader.collect();
      if (errors.length > 0) throw errors[0];
      const metrics = resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics);
      return metrics.filter(({ descriptor }) => descriptor.name === name).flatMap((metric) =>
        metric.dataPointType === DataPointType.HISTOGRAM
          ? metric.dataPoints.map(({ attributes, value }: DataPoint<Histogram>) => ({
            unit: metric.descriptor.unit,
            attributes,
            value: value.count,
          }))
          : metric.dataPoints.map(({ attributes, value }) => ({
            unit: metric.descriptor.unit,
            attributes,
            value: value as number,
          }))
      );
    },
  };
}

/** Follows what runs in the course of what, for as long as a test runs. */
export function followContexts(scope: { cleanup(release: () => unknown): void }): void {
  api.context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  scope.cleanup(() => api.context.disable());
}
