import type * as Api from '@opentelemetry/api';
import type { Attributes, Span, Tracer as OtelTracer } from '@opentelemetry/api';
import type { Env } from '#server/platform/env.ts';

/** What is under way, to be ended once. `fail` says what kind of error it ended with: never a message, which may quote content. */
export type Trace = {
  set(attributes: Attributes): void;
  fail(errorType: string): void;
  end(): void;
  /** The W3C header that lets another service's spans go below this one; null while nothing is traced. */
  traceparent(): string | null;
  /** A part of this. */
  child(name: string, attributes?: Attributes): Trace;
};

export type Tracer = {
  /** `requestId` ties a turn to the request that sent it: the trace's id is made of it. */
  start(name: string, attributes?: Attributes): Trace;
  close(): Promise<void>;
};

const NOTHING: Trace = { set() {}, fail() {}, end() {}, traceparent: () => null, child: () => NOTHING };

/**
 * Sends spans to OTEL_EXPORTER_OTLP_ENDPOINT by OTLP over HTTP. Without it nothing of the SDK is loaded and nothing is done.
 * Names and attributes follow OpenTelemetry's conventions for generative AI; ids, models, counts and times, never content.
 */
export async function startTracing(env: Pick<Env, 'otlpEndpoint' | 'nodeEnv' | 'role'>): Promise<Tracer> {
  if (env.otlpEndpoint === null) return { start: () => NOTHING, close: async () => undefined };
  const [{ BasicTracerProvider, BatchSpanProcessor }, { OTLPTraceExporter }, { resourceFromAttributes }, api] =
    await Promise.all([
      import('@opentelemetry/sdk-trace-base'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/api'),
    ]);
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({
      'service.name': 'pantheon',
      'deployment.environment.name': env.nodeEnv,
      'pantheon.role': env.role,
    }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: `${env.otlpEndpoint}/v1/traces` }))],
  });
  const tracer = provider.getTracer('pantheon');
  return {
    start: (name, attributes) => begin(tracer, api, null, name, attributes),
    async close() {
      await provider.shutdown().catch(() => undefined);
    },
  };
}

function begin(
  tracer: OtelTracer,
  api: typeof Api,
  parent: Span | null,
  name: string,
  attributes: Attributes = {},
): Trace {
  const context = parent === null ? api.ROOT_CONTEXT : api.trace.setSpan(api.ROOT_CONTEXT, parent);
  const kind = attributes['gen_ai.operation.name'] === 'chat' ? api.SpanKind.CLIENT : api.SpanKind.INTERNAL;
  const span = tracer.startSpan(name, { attributes, kind }, context);
  return {
    set: (more) => void span.setAttributes(more),
    fail(errorType) {
      span.setAttribute('error.type', errorType).setStatus({ code: api.SpanStatusCode.ERROR });
    },
    end: () => span.end(),
    traceparent() {
      const { traceId, spanId, traceFlags } = span.spanContext();
      return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
    },
    child: (inner, more) => begin(tracer, api, span, inner, more),
  };
}
