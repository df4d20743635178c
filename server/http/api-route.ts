import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { createHash } from 'node:crypto';
import type { z, ZodObject, ZodType } from 'zod';
import type { App } from '#server/app.ts';
import { assertMay } from '#server/auth/assert-may.ts';
import type { Principal, Scope } from '#server/auth/contract.ts';
import { AppError, isAppError, notFound, statusOf } from '#server/platform/errors.ts';
import type { LoadContext } from '#server/http/load-context.ts';
import { errorResponse } from '#server/http/error-format.ts';
import { readText } from '#server/http/read-text.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** `public` needs no sign-in; `user` a principal; `admin` owner or analyst, and owner for what changes something. */
type Audience = 'public' | 'user' | 'admin';

export type Call<Body, Query, Found> = {
  app: App;
  /** Present unless the audience is `public`. */
  principal: Principal;
  params: Record<string, string>;
  body: Body;
  query: Query;
  /** What `find` returned: the resource, already the caller's. */
  found: Found;
  request: Request;
  context: LoadContext;
};

type Operation<Body, Query, Found> = {
  summary: string;
  audience?: Audience;
  /** Default: `read` for GET, `write` for the rest, `admin` where the audience is. */
  scope?: Scope;
  /** True for what a suspended user may still do (sign out). Reading is always allowed. */
  allowSuspended?: boolean;
  /** What stands in the address, where that is no UUID; for the OpenAPI document. */
  params?: Record<string, ZodType<string>>;
  body?: ZodType<Body>;
  query?: ZodType<Query>;
  /** Throws `notFound()` for what is absent or someone else's. Runs before the body is looked at. */
  find?: (call: { app: App; principal: Principal; params: Record<string, string> }) => Promise<Found>;
  /** `handle` finds it by itself, under its lock: `find` is asked only when something is wrong, as what is absent is said first. */
  handleFinds?: true;
  /** The success status and the shape of its body; `null` for none. */
  status: number;
  response: ZodType | null;
  /** Other content types that it may answer and what they hold, for the OpenAPI document. */
  produces?: Record<string, ZodType>;
  /** Error codes worth documenting beside the general ones. */
  errors?: string[];
  /** Request headers worth documenting; `handle` reads them itself. */
  headers?: ZodObject;
  handle: (call: Call<Body, Query, Found>) => Promise<unknown>;
};

/** An operation with its types worn off, as the table of a route keeps it. */
export type AnyOperation = Operation<unknown, unknown, unknown>;
export type Operations = Partial<Record<Method, AnyOperation>>;

/** Keeps the inference of body, query and found inside one operation. */
export function operation<Body = undefined, Query = undefined, Found = undefined>(
  definition: Operation<Body, Query, Found>,
): AnyOperation {
  return definition as unknown as AnyOperation;
}

/** A success with headers or another status than the declared one. */
export class Reply {
  readonly body: unknown;
  readonly init: { status?: number; headers?: Record<string, string> };
  constructor(body: unknown, init: { status?: number; headers?: Record<string, string> }) {
    this.body = body;
    this.init = init;
  }
}

/**
 * One resource of the wire contract. Judged in this order: anonymous 401, absent or foreign 404, role and scope 403,
 * suspended 403, query 400, malformed JSON 400, body 422. (Cross-site is refused before, by a middleware.)
 */
export function apiRoute(operations: Operations) {
  async function dispatch({ request, params, context }: LoaderFunctionArgs | ActionFunctionArgs): Promise<Response> {
    const method = (request.method === 'HEAD' ? 'GET' : request.method) as Method;
    const allowance: Record<string, string> = {};
    let response: Response;
    try {
      const chosen = operations[method];
      if (!chosen) {
        throw new AppError('method_not_allowed', `This address doesn’t answer ${request.method}.`, {
          headers: { Allow: Object.keys(operations).join(', ') },
        });
      }
      response = withTag(request, await answer({ chosen, method, request, params, context, allowance }));
      if (!response.headers.has('Cache-Control')) response.headers.set('Cache-Control', 'private, no-store');
    } catch (error) {
      if (!isAppError(error) || statusOf(error.code) >= 500) {
        context.app.log.error('request failed', { requestId: context.requestId, error });
      }
      response = errorResponse(error, { path: new URL(request.url).pathname, requestId: context.requestId });
    }
    for (const [name, value] of Object.entries(allowance)) response.headers.set(name, value);
    return response;
  }
  return { operations, loader: dispatch, action: dispatch };
}

type Asked = {
  chosen: AnyOperation;
  method: Method;
  request: Request;
  params: Record<string, string | undefined>;
  context: LoadContext;
  /** Filled with what is left of the caller's requests. */
  allowance: Record<string, string>;
};

async function answer({ chosen, method, request, params, context, allowance }: Asked): Promise<Response> {
  const { app } = context;
  const audience = chosen.audience ?? 'user';
  const principal = audience === 'public' ? null : await context.authenticate();
  if (principal) Object.assign(allowance, await app.limitRequests(principal));
  if (audience !== 'public' && !principal) {
    throw new AppError('unauthenticated', 'Sign in, or send an API key as a bearer token.');
  }
  const given = { app, principal: principal as Principal, params: params as Record<string, string> };
  if (audience === 'admin' && principal?.user.role === 'user') throw notFound();
  const found = chosen.handleFinds ? undefined : await chosen.find?.(given);
  const carryOut = async () => {
    if (principal) judge(chosen, audience, method, principal);
    const query = chosen.query ? parseQuery(chosen.query, request) : undefined;
    const body = chosen.body ? await parseBody(chosen.body, request) : undefined;
    return chosen.handle({ ...given, body, query, found, request, context });
  };
  const result = await carryOut().catch(async (error: unknown) => {
    if (chosen.handleFinds && isAppError(error)) await chosen.find?.(given);
    throw error;
  });
  if (result instanceof Response) return result;
  const reply = result instanceof Reply ? result : new Reply(result, {});
  const status = reply.init.status ?? chosen.status;
  const headers = reply.init.headers ?? {};
  return status === 204 || chosen.response === null
    ? new Response(null, { status, headers })
    : jsonResponse(reply.body, { status, headers }, method === 'GET');
}

/** What can be read again gets a tag of its content, so that a reader who has it is told so and nothing more. */
function jsonResponse(body: unknown, init: { status: number; headers: Record<string, string> }, tagged: boolean) {
  const text = JSON.stringify(body);
  const tag = (): Record<string, string> => ({
    // Weak: the same content may be sent compressed.
    ETag: `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`,
    'Cache-Control': 'private, no-cache',
  });
  const headers = {
    'Content-Type': 'application/json',
    // What is short goes as it is, and only who says how long it is is known to be short.
    'Content-Length': String(Buffer.byteLength(text)),
    ...(tagged && init.status === 200 && tag()),
    ...init.headers,
  };
  return new Response(text, { status: init.status, headers });
}

/** 304 for a reader who names the tag of what the answer would be. */
function withTag(request: Request, response: Response): Response {
  const tag = response.headers.get('ETag');
  const known = request.headers.get('If-None-Match');
  if (tag === null || known === null) return response;
  const bare = (value: string) => value.trim().replace(/^W\//, '');
  if (known.trim() !== '*' && !known.split(',').some((one) => bare(one) === bare(tag))) return response;
  const headers = new Headers(response.headers);
  headers.delete('Content-Type');
  headers.delete('Content-Length');
  return new Response(null, { status: 304, headers });
}

function judge(chosen: AnyOperation, audience: Audience, method: Method, principal: Principal): void {
  if (audience === 'admin' && method !== 'GET' && principal.user.role !== 'owner') {
    throw new AppError('owner_required', 'Analysts can look at everything and change nothing. Ask an owner.');
  }
  const scope = chosen.scope ?? (audience === 'admin' ? 'admin' : method === 'GET' ? 'read' : 'write');
  assertMay(principal, { scope, changes: method !== 'GET' && !chosen.allowSuspended });
}

function parseQuery(schema: ZodType, request: Request): unknown {
  const parsed = schema.safeParse(Object.fromEntries(new URL(request.url).searchParams));
  if (!parsed.success) {
    throw new AppError('invalid_query', 'The query is not valid.', { errors: fieldErrors(parsed.error) });
  }
  return parsed.data;
}

async function parseBody(schema: ZodType, request: Request): Promise<unknown> {
  const text = await readText(request);
  let json: unknown;
  try {
    json = text === '' ? {} : JSON.parse(text);
  } catch {
    throw new AppError('malformed_json', 'The body is not valid JSON.');
  }
  return parseInput(schema, json);
}

/** Parses what came from outside, or throws `invalid_input` with one error per field. */
export function parseInput<T>(schema: ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const errors = fieldErrors(parsed.error);
  throw new AppError('invalid_input', errors[0]?.message ?? 'The input is not valid.', { errors });
}

function fieldErrors(error: z.ZodError): { path: string; message: string }[] {
  return error.issues.map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message }));
}
