import { z } from 'zod';
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi';
import type { AnyOperation, Operations } from '#server/http/api-route.ts';
import { errorFormatOf } from '#server/http/error-format.ts';
import { routePath } from '#server/http/route-path.ts';
import { titleOf, type ErrorCode } from '#server/platform/errors.ts';

const INTRODUCTION = `JSON keys are camelCase, times ISO 8601 in UTC, ids UUIDs, credits strings of integer micro-credits
(1 credit = 1,000,000). Lists are \`{items, nextCursor}\`, read on with \`?cursor=\`. Errors are problem documents
(RFC 9457) with a stable \`code\`. Unknown keys are ignored. Absent and someone else’s look the same: 404.

Every answer carries \`X-Request-Id\`. What is read as JSON carries an \`ETag\`: sent back as \`If-None-Match\` it gets 304 for what
has not changed. With an API key \`RateLimit-Limit\`, \`RateLimit-Remaining\` and \`RateLimit-Reset\` (seconds) say what is left of the
minute; 429 has \`Retry-After\`. Where \`Idempotency-Key\` is listed, the same key again is the same request and gets the same result.`;

/** Route modules by file name, as `import.meta.glob` gives them. */
export type RouteModules = Record<string, { route: { operations: Operations } }>;

/** The OpenAPI 3.1 document of these routes, from the very schemas that judge their requests. */
export function openapiDocument(modules: RouteModules) {
  const paths: ZodOpenApiPathsObject = {};
  for (const file of Object.keys(modules).sort()) {
    const path = routePath(file);
    const operations = Object.entries(modules[file]?.route.operations ?? {});
    paths[path] = Object.fromEntries(
      operations.map(([method, operation]) => [method.toLowerCase(), describe(path, method, operation)]),
    );
  }
  const securitySchemes = {
    cookie: { type: 'apiKey', in: 'cookie', name: 'pantheon_session', description: 'A browser’s sign-in.' },
    bearer: { type: 'http', scheme: 'bearer', description: 'An API key.' },
  } as const;
  return createDocument(
    {
      openapi: '3.1.0',
      info: { title: 'Pantheon', version: '1', description: INTRODUCTION },
      servers: [{ url: '/' }],
      paths,
      components: { securitySchemes },
    },
    {
      override: ({ jsonSchema, io }) => {
        // The contract grows by addition: a client must not refuse a key that it doesn't know.
        if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
        // The format says it; zod's pattern beside it is a line of noise.
        if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
      },
    },
  );
}

function describe(path: string, method: string, operation: AnyOperation): ZodOpenApiOperationObject {
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(
    ([, name = '']) => [name, operation.params?.[name] ?? z.uuid()] as const,
  );
  const isPublic = operation.audience === 'public';
  return {
    operationId: operationId(path, method),
    summary: operation.summary,
    tags: [path.startsWith('/v1/') ? 'openai' : (path.replace(/^\/api\/v1/, '').split('/')[1] ?? 'api')],
    security: isPublic ? [] : [{ cookie: [] }, { bearer: [] }],
    requestParams: {
      ...(parameters.length > 0 ? { path: z.object(Object.fromEntries(parameters)) } : {}),
      ...(operation.query ? { query: asObject(operation.query, `${method} ${path}`) } : {}),
      ...(operation.headers ? { header: operation.headers } : {}),
    },
    ...(operation.body
      ? { requestBody: { required: true, content: { 'application/json': { schema: operation.body } } } }
      : {}),
    responses: { ...success(operation), ...problems(path, method, operation) },
  };
}

/** `GET /api/v1/rooms/{roomId}/agents` → `getRoomsByRoomIdAgents`. */
function operationId(path: string, method: string): string {
  const words = path
    .replace(/^\/(api\/)?v1\//, '')
    .replace(/\{(\w+)\}/g, 'by-$1')
    .split(/[^A-Za-z0-9]+/);
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function success({ status, response, produces = {} }: AnyOperation): ZodOpenApiResponsesObject {
  const others = Object.entries(produces).map(([type, schema]) => [type, { schema }] as const);
  const content = {
    ...(response ? { 'application/json': { schema: response } } : {}),
    ...Object.fromEntries(others),
  };
  const location = { description: 'Where it can be read.', schema: { type: 'string' as const } };
  return {
    [String(status) as '200']: {
      description: SUCCESSES[status] ?? 'Done.',
      ...(Object.keys(content).length > 0 ? { content } : {}),
      ...(status === 201 || status === 202 ? { headers: { Location: location } } : {}),
    },
  };
}

const SUCCESSES: Record<number, string> = {
  201: 'Made.',
  202: 'Accepted; it is being worked on.',
  302: 'It is there.',
};

function problems(path: string, method: string, operation: AnyOperation): ZodOpenApiResponsesObject {
  const changes = method !== 'GET';
  const isPublic = operation.audience === 'public';
  const codes = new Set<ErrorCode>((operation.errors ?? []) as ErrorCode[]);
  if (!isPublic) codes.add('unauthenticated').add('scope_missing').add('too_many_requests');
  if (!isPublic && changes && !operation.allowSuspended) codes.add('suspended');
  if (changes) codes.add('cross_site');
  if (operation.audience === 'admin') codes.add('not_found');
  if (operation.audience === 'admin' && changes) codes.add('owner_required');
  if (path.startsWith('/api/') && path.includes('{')) codes.add('not_found');
  if (operation.query) codes.add('invalid_query');
  if (operation.body) codes.add('malformed_json').add('invalid_input');
  const format = errorFormatOf(path);
  const content = { [format.contentType]: { schema: format.schema } };
  const byStatus = Object.groupBy([...codes].sort(), (code) => String(format.statusOf(code)));
  const entries = Object.entries(byStatus).map(([status, group = []]) => [
    status,
    { description: group.map((code) => `\`${code}\`: ${titleOf(code)}.`).join(' '), content },
  ]);
  return {
    ...(Object.fromEntries(entries) as ZodOpenApiResponsesObject),
    default: { description: 'Anything else that went wrong.', content },
  };
}

/** What stands in the address: of a schema that goes on to transform it, its beginning. */
function asObject(schema: z.ZodType, where: string): z.ZodObject {
  if (schema instanceof z.ZodObject) return schema;
  if (schema instanceof z.ZodPipe) return asObject(schema.def.in as z.ZodType, where);
  throw new Error(`The query of ${where} must be a z.object, so that it can be documented.`);
}
