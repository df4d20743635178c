import { createHash } from 'node:crypto';
import { z } from 'zod';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { openapiDocument, type RouteModules } from '#server/http/openapi.ts';

/** Every other route of the API; a glob never has the file that asks. */
const OTHERS = import.meta.glob<RouteModules[string]>(
  ['./api.v1.*.ts', './v1.*.ts', './mcp.ts', './langgraph.*.ts', '!./*.test.ts'],
  { eager: true },
);

export const route = apiRoute({
  GET: operation({
    summary: 'This API as an OpenAPI 3.1 document.',
    audience: 'public',
    status: 200,
    response: z.record(z.string(), z.unknown()),
    handle: () => Promise.resolve(new Response(DOCUMENT, { headers: HEADERS })),
  }),
});
export const loader = route.loader;
export const action = route.action;

/** Made once: it is the same for everyone, and anyone may ask. */
const DOCUMENT = JSON.stringify(openapiDocument({ ...OTHERS, './api.v1.openapi[.]json.ts': { route } }));

const HEADERS = {
  'Content-Type': 'application/json',
  'Cache-Control': 'public, max-age=300',
  ETag: `W/"${createHash('sha256').update(DOCUMENT).digest('base64url').slice(0, 27)}"`,
  'Access-Control-Allow-Origin': '*',
};
