/**
 * Holdfast: one TLS connection, kept open, talked over both ways.
 *
 * {@link serve} serves a definition, {@link connect} connects to a service. A definition comes from a compiled `.msg`
 * file or from {@link parse}; a client needs none, since the service tells its own.
 *
 * @module
 */

export type {
  AnyType,
  BoolType,
  BytesType,
  Default,
  Definition,
  Docs,
  EnumType,
  Exchange,
  Field,
  FloatType,
  IntegerType,
  IntType,
  ListType,
  LiteralType,
  LongType,
  MapType,
  Message,
  MessageTypes,
  RecordType,
  ReferenceType,
  Rules,
  ServiceTypes,
  Shape,
  StringType,
  TimestampType,
  UnionType,
  UnknownMessage,
  UnknownService,
} from "./idl/definition.ts";
export type { Type as DefinitionType } from "./idl/definition.ts";
export { parse } from "./idl/mod.ts";
export type { ParseOptions } from "./idl/mod.ts";
export { MsgError } from "./idl/mod.ts";
export type { Problem } from "./idl/mod.ts";
export { print } from "./idl/print.ts";
export type { Misfit } from "./idl/resolve.ts";
export { defineService, DefinitionError } from "./idl/validate.ts";

export type { RuleOverrides } from "./runtime/authorization.ts";
export { DEFAULT_BACKOFF } from "./runtime/backoff.ts";
export type { Backoff } from "./runtime/backoff.ts";
export type { ClientTrust } from "./runtime/certificates/client_verifier.ts";
export { Client } from "./runtime/client.ts";
export type { AnyMessage, ClientCallback, ConnectOptions } from "./runtime/client.ts";
export type { Given } from "./runtime/client_credentials.ts";
export type { ClientOptions } from "./runtime/client_options.ts";
export type { Clock } from "./runtime/clock.ts";
export { connect } from "./runtime/connect.ts";
export { describe } from "./runtime/describe.ts";
export type { DescribeOptions } from "./runtime/describe.ts";
export type { DisetClientOptions } from "./runtime/diset/client_options.ts";
export type { DisetOptions } from "./runtime/diset/options.ts";
export type { Call } from "./runtime/dispatch.ts";
export { Failure, HoldfastError } from "./runtime/errors.ts";
export type { ErrorCode, HoldfastErrorOptions, LastFrame } from "./runtime/errors.ts";
export { DEFAULT_LIMITS } from "./runtime/limits.ts";
export type { Limits, ValueLimits } from "./runtime/limits.ts";
export { consoleLog } from "./runtime/log.ts";
export type { AuditEvent, Log, LogRecord } from "./runtime/log.ts";
export { Monitor } from "./runtime/monitoring/monitor.msg.ts";
export type {
  MonitorTypes,
  SessionSnapshot,
  Snapshot,
  SnapshotOrder,
  TrafficSnapshot,
  Watch,
  WatchInput,
} from "./runtime/monitoring/monitor.msg.ts";
export type { MonitorOptions } from "./runtime/monitoring/monitor.ts";
export type { SnapshotOptions } from "./runtime/monitoring/snapshot.ts";
export type { Evidence, Inquiry, Principal, Registry, Standing } from "./runtime/principal.ts";
export { RegistryError } from "./runtime/registry/error.ts";
export { fileRegistry } from "./runtime/registry/file.ts";
export type { FileRegistry, FileRegistryOptions } from "./runtime/registry/file.ts";
export { readRegistry } from "./runtime/registry/read.ts";
export { serve } from "./runtime/server.ts";
export type { Connection, DisetClaims } from "./runtime/server_connection.ts";
export type { CloseOptions, Handlers, ServeOptions } from "./runtime/server_options.ts";
export type { Server } from "./runtime/server_running.ts";
export type { Outcome } from "./runtime/session/outgoing.ts";
export type { SendOptions } from "./runtime/session/types.ts";
export type { Overflow } from "./runtime/session/waiting.ts";
export type { Status } from "./runtime/status.ts";
export { openTelemetry } from "./runtime/telemetry/open_telemetry.ts";
export type { OpenTelemetryOptions } from "./runtime/telemetry/open_telemetry.ts";
export type {
  OpenTelemetryApi,
  OpenTelemetryAttributes,
  OpenTelemetryContext,
  OpenTelemetryCounter,
  OpenTelemetryHistogram,
  OpenTelemetryInstrumentOptions,
  OpenTelemetryMeter,
  OpenTelemetryMeterProvider,
  OpenTelemetrySpan,
  OpenTelemetrySpanContext,
  OpenTelemetryTracer,
  OpenTelemetryTracerProvider,
  OpenTelemetryTraceState,
} from "./runtime/telemetry/open_telemetry_api.ts";
export type {
  LineTelemetry,
  Operation,
  SessionTelemetry,
  Side,
  Telemetry,
  WatchedSession,
} from "./runtime/telemetry/telemetry.ts";
export { jwtVerifier } from "./runtime/tokens.ts";
export type { JwtAlgorithm, JwtOptions, TokenEvidence, VerifyToken } from "./runtime/tokens.ts";
export type { JsonWebKeySet, JwtKeys } from "./runtime/tokens/sources.ts";
export type { Answer, Messages, Names, Read, ReplyRead, RequestNames, SendNames, Written } from "./runtime/types.ts";

export { memoryNetwork } from "./runtime/transport/memory.ts";
export type { MemoryNetworkOptions } from "./runtime/transport/memory.ts";
export type {
  ClientCertificate,
  ConnectOptions as NetworkConnectOptions,
  Listener,
  ListenOptions,
  Network,
  ServerCertificate,
  Stream,
  StreamEvents,
} from "./runtime/transport/transport.ts";
export type { Delegate } from "./runtime/wire/diset/handshake.ts";
export type { TraceContext } from "./runtime/wire/wire.ts";

export { Type } from "typebox";
export type { Static } from "typebox";
export { schemaOf } from "./runtime/schema.ts";
export type { Of as SchemaOf } from "./runtime/schema/common.ts";
export * as Schema from "./runtime/schema_types.ts";
