import { createHash } from 'node:crypto';
import { z } from 'zod';
import { operation } from '#server/http/api-route.ts';
import { describeApi, type ApiSection } from '#server/http/describe-api.ts';
import { openapiDocument, type RouteModules } from '#server/http/openapi.ts';

/** Every route of the API but the one below, which stands on this file. */
const OTHERS = import.meta.glob<RouteModules[string]>(
  [
    './routes/api.v1.*.ts',
    './routes/v1.*.ts',
    './routes/mcp.ts',
    './routes/langgraph.*.ts',
    '!./routes/api.v1.openapi*.ts',
    '!./routes/*.test.ts',
  ],
  { eager: true },
);

/** The operation of `api.v1.openapi[.]json.ts`; it is described in what it answers. */
export const readApiDocument = operation({
  summary: 'This API as an OpenAPI 3.1 document.',
  audience: 'public',
  status: 200,
  response: z.record(z.string(), z.unknown()),
  handle: () => Promise.resolve(new Response(AS_JSON, { headers: HEADERS })),
});

/** Made once: it is the same for everyone, and anyone may ask. */
export const API_DOCUMENT = openapiDocument({
  ...OTHERS,
  './api.v1.openapi[.]json.ts': { route: { operations: { GET: readApiDocument } } },
});

let sections: ApiSection[] | undefined;
/** As the reference shows it; worked out for its first reader. */
export function apiSections(): ApiSection[] {
  return (sections ??= describeApi(API_DOCUMENT));
}

const AS_JSON = JSON.stringify(API_DOCUMENT);

const HEADERS = {
  'Content-Type': 'application/json',
  'Cache-Control': 'public, max-age=300',
  ETag: `W/"${createHash('sha256').update(AS_JSON).digest('base64url').slice(0, 27)}"`,
  'Access-Control-Allow-Origin': '*',
};
