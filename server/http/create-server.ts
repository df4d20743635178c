import { join } from 'node:path';
import { createRequestHandler } from '@remix-run/express';
import type { ServerBuild } from '@remix-run/node';
import compression from 'compression';
import express, { type ErrorRequestHandler, type Express, type Request, type RequestHandler } from 'express';
import type { ViteDevServer } from 'vite';
import type { App } from '#server/app.ts';
import { crossOrigin } from '#server/http/cross-origin.ts';
import { loadContextOf } from '#server/http/load-context-of.ts';
import { maintenance } from '#server/http/maintenance.ts';
import { observeRequests } from '#server/http/observe-requests.ts';
import { probes } from '#server/http/probes.ts';
import { refuse } from '#server/http/refuse.ts';
import { isDecodable, routeMatcher, type MatchedRoute } from '#server/http/route-matcher.ts';
import { sameOrigin } from '#server/http/same-origin.ts';
import { securityHeaders } from '#server/http/security-headers.ts';
import { shedLoad } from '#server/http/shed-load.ts';
import { AppError, notFound } from '#server/platform/errors.ts';

/** The built pages, or Vite building them as they are asked for. */
export type Pages = { build: () => Promise<ServerBuild>; vite: ViteDevServer | null; clientFolder: string };

const MAX_BODY_BYTES = 12 * 1024 * 1024;
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/**
 * Everything between a socket and a route. `pages` is null in a worker, which answers probes only.
 */
export async function createServer(
  app: App,
  pages: Pages | null,
  isDraining: () => boolean = () => false,
): Promise<Express> {
  const match = pages === null ? () => null : routeMatcher((await pages.build()).routes);
  const routeOf = (path: string) => match(path)?.pattern ?? null;
  const server = express();
  server.disable('x-powered-by');
  server.set('trust proxy', app.env.trustProxy);
  server.use(observeRequests(app, routeOf));
  server.use(securityHeaders(app.env, { development: pages !== null && pages.vite !== null }));
  server.use(wellFormed);
  server.use(probes(app, isDraining));
  if (pages !== null) {
    server.use(crossOrigin(app.env));
    server.use(sameOrigin(app.env));
    server.use(compression({ filter: isCompressible, threshold: ONE_FLIGHT }));
    serveFiles(server, pages);
    server.use(shedLoad(app));
    server.use(maintenance(app));
    const answerWith = (build: ServerBuild | Pages['build']) =>
      createRequestHandler({
        build,
        // Anything but production tells a browser the stacks of errors.
        mode: pages.vite === null ? 'production' : 'development',
        getLoadContext: (req, res) => loadContextOf(app, req, res),
      }) as RequestHandler;
    server.use(pages.vite === null ? api(await pages.build(), match, answerWith) : unknownApi(pages));
    server.all('*', answerWith(pages.build));
  } else {
    server.use((_req, res) => refuse(res, notFound()));
  }
  server.use(onError(app));
  return server;
}

/** Bytes that arrive in one go either way; compressing them costs more than most requests do. */
const ONE_FLIGHT = 8_192;

const API = /^\/(api|v1|mcp|langgraph)(\/|$)/;

/**
 * Each route of the API has a handler with nothing but itself in it: Remix looks through all the routes that it knows at every
 * request. A program gets a problem document for what isn't there, never the page that says so to a person.
 */
function api(
  build: ServerBuild,
  match: (path: string) => MatchedRoute | null,
  answerWith: (build: ServerBuild) => RequestHandler,
): RequestHandler {
  const handlers = new Map<string, RequestHandler>();
  return (req, res, next) => {
    if (!API.test(req.path)) return next();
    const found = match(req.path);
    const route = found && build.routes[found.id];
    if (!found || !route) return refuse(res, notFound());
    const { parentId: _, ...alone } = { ...route, path: found.pattern.slice(1) };
    const handler = handlers.get(found.id) ?? answerWith({ ...build, routes: { [found.id]: alone } });
    handlers.set(found.id, handler);
    handler(req, res, next);
  };
}

/** While developing, routes come and go. */
function unknownApi({ build }: Pages): RequestHandler {
  return (req, res, next) => {
    if (!API.test(req.path)) return next();
    build()
      .then(({ routes }) => (routeMatcher(routes)(req.path) === null ? refuse(res, notFound()) : next()))
      .catch(next);
  };
}

const wellFormed: RequestHandler = (req, res, next) => {
  if (!METHODS.includes(req.method)) {
    refuse(res, new AppError('method_not_allowed', `This address doesn’t answer ${req.method}.`));
  } else if (!isDecodable(req.path) || !URL.canParse(req.originalUrl, 'http://host')) {
    refuse(res, new AppError('invalid_query', 'The address is not a valid one.'));
  } else if (Number(req.get('Content-Length') ?? 0) > MAX_BODY_BYTES) {
    res.set('Connection', 'close');
    refuse(res, new AppError('body_too_large', 'The body is larger than anything this server takes.'));
  } else next();
};

/** A compressor would hold events back until it has enough of them. */
function isCompressible(req: Request, res: express.Response): boolean {
  return !/event-stream|ndjson/.test(String(res.getHeader('Content-Type'))) && compression.filter(req, res);
}

function serveFiles(server: Express, { vite, clientFolder }: Pages): void {
  if (vite !== null) {
    server.use(vite.middlewares);
    return;
  }
  // Built files have a hash of their content in their names.
  server.use(
    '/assets',
    express.static(join(clientFolder, 'assets'), { immutable: true, maxAge: '1y', fallthrough: true }),
  );
  const files = express.static(clientFolder, { maxAge: '1h', index: false });
  server.use((req, res, next) => {
    if (API.test(req.path)) next();
    else files(req, res, next);
  });
  server.use('/assets', (_req, res) => refuse(res, notFound()));
}

function onError(app: App): ErrorRequestHandler {
  return (error: unknown, _req, res, next) => {
    if (isClientError(error)) {
      if (!res.headersSent) refuse(res, new AppError('invalid_query', 'The request could not be read.'));
      else next(error);
      return;
    }
    app.log.error('a request failed outside its route', { requestId: res.locals['requestId'] as string, error });
    if (res.headersSent) next(error);
    else refuse(res, error);
  };
}

/** Express and its parts mark what the client got wrong with a 4xx status. */
function isClientError(error: unknown): boolean {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' && error.status < 500;
}
