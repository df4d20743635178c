/** Takes traces as an OpenTelemetry collector does: OTLP over HTTP, JSON, `POST /v1/traces`. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Value = { stringValue?: string; intValue?: number | string; arrayValue?: { values: Value[] } };
export type ReceivedSpan = {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  attributes: Record<string, unknown>;
  status: { code?: number; message?: string };
};
type Wire = {
  resourceSpans: {
    scopeSpans: { spans: (Omit<ReceivedSpan, 'attributes'> & { attributes: { key: string; value: Value }[] })[] }[];
  }[];
};

export async function startOtlpServer() {
  const spans: ReceivedSpan[] = [];
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    void request
      .setEncoding('utf8')
      .toArray()
      .then((parts: string[]) => {
        const body = parts.join('');
        bodies.push(body);
        const { resourceSpans } = JSON.parse(body) as Wire;
        for (const { scopeSpans } of resourceSpans)
          for (const scope of scopeSpans)
            for (const span of scope.spans) spans.push({ ...span, attributes: read(span.attributes) });
        response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    /** Everything that arrived, as it came. */
    bodies,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

function read(attributes: { key: string; value: Value }[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plain(value)]));
}

function plain(value: Value): unknown {
  if (value.arrayValue) return value.arrayValue.values.map(plain);
  return value.intValue === undefined ? value.stringValue : Number(value.intValue);
}
