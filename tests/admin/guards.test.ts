/** AT-011 and NFR-SEC-004: every route of the product × everybody who could ask. */
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ServerBuild } from '@remix-run/node';
import { newId } from '#server/platform/ids.ts';
import type { Operations } from '#server/http/api-route.ts';
import { startTestApp } from '#tests/support/app.ts';
import type { Client } from '#tests/support/client.ts';
import { createDirectSession, createRoom } from '#tests/support/rooms.ts';
import { runTurn } from '#tests/support/turns.ts';

const product = await startTestApp();

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
type Method = (typeof METHODS)[number];
const PRINCIPALS = ['nobody', 'user', 'suspended', 'other', 'analyst', 'owner'] as const;
type Who = (typeof PRINCIPALS)[number];
const ADMINS: readonly Who[] = ['analyst', 'owner'];

/** Pages and endpoints that are for anybody. Everything else wants somebody. */
const PUBLIC_PAGES = [
  '/sign-in',
  '/sign-in/verify',
  '/sign-out',
  '/dev/mailbox',
  '/dev/mailbox.json',
  '/storage/:key',
  '/share/:token',
  '/docs/api',
  '/docs/api/:section',
  '/docs/problems',
  '/*',
  '/',
];

type Route = { path: string; api: Operations | null; page: boolean };
let routes: Route[];
let clients: Record<Who, Client>;
/** What `user` owns: everybody else must find nothing there. */
let mine: Record<string, string>;

beforeAll(async () => {
  const entry = new URL('../../build/server/index.js', import.meta.url);
  expect(existsSync(entry)).toBe(true);
  const build = (await import(pathToFileURL(entry.pathname).href)) as ServerBuild;
  const pathOf = (id: string | undefined): string => {
    const route = id === undefined ? undefined : build.routes[id];
    return route ? [pathOf(route.parentId), route.path].filter(Boolean).join('/') : '';
  };
  routes = Object.values(build.routes).flatMap((route) => {
    if (route.id === 'root') return [];
    const module = route.module as { route?: { operations: Operations }; default?: unknown };
    const path = `/${pathOf(route.id)}`;
    return [{ path, api: module.route?.operations ?? null, page: module.default !== undefined }];
  });
  const [user, suspended, other, analyst, owner] = await Promise.all([
    product.createUser(),
    product.createUser(),
    product.createUser(),
    product.createUser({ role: 'analyst' }),
    product.createUser({ role: 'owner' }),
  ]);
  clients = {
    nobody: product.client(),
    user: user.client,
    suspended: suspended.client,
    other: other.client,
    analyst: analyst.client,
    owner: owner.client,
  };
  const room = await createRoom(user.client, { agents: ['Ada'] });
  const turn = await runTurn(user.client, room.id, '@Ada hello');
  const session = await createDirectSession(user.client, 'Bo');
  const { body: messages } = await user.client.get<{ items: { id: string }[] }>(`/rooms/${room.id}/messages`);
  const { body: key } = await user.client.post<{ apiKey: { id: string } }>('/api-keys', {
    name: 'k',
    scopes: ['read'],
  });
  const { body: upload } = await user.client.post<{ file: { id: string } }>(`/rooms/${room.id}/files`, {
    name: 'a.txt',
    size: 3,
    mimeType: 'text/plain',
  });
  await product.db.query('UPDATE users SET suspended_at = now() WHERE id = $1', [suspended.id]);
  mine = {
    roomId: room.id,
    agentId: room.agents[0]?.id ?? '',
    turnId: turn.id,
    stepId: turn.steps[0]?.id ?? '',
    directSessionId: session.id,
    messageId: messages.items[0]?.id ?? '',
    apiKeyId: key.apiKey.id,
    fileId: upload.file.id,
    userId: user.id,
  };
});

const isAdmin = (path: string) => /^\/(api\/v1\/)?admin(\/|$)/.test(path);

function address(path: string, ids: Record<string, string>): string {
  return path.replace(/:(\w+)\??/g, (_all, name: string) => ids[name] ?? newId()).replace('*', 'nowhere');
}

async function ask(who: Who, method: Method, path: string): Promise<Response> {
  const body = method === 'GET' ? {} : { body: '{}', headers: { 'Content-Type': 'application/json' } };
  return clients[who].fetch(path, { method, ...body });
}

async function problemOf(response: Response): Promise<{ status: number; code: unknown; detail: unknown }> {
  const { code, detail } = (await response.json()) as { code?: unknown; detail?: unknown };
  return { status: response.status, code, detail };
}

describe('API routes', () => {
  test('there are many, each with its operations', () => {
    const api = routes.filter(({ path }) => path.startsWith('/api/'));
    expect(api.length).toBeGreaterThan(60);
    expect(api.filter((route) => route.api === null).map(({ path }) => path)).toEqual([]);
  });

  test('NFR-SEC-004: nobody gets 401 on all that is not public, whatever the method', async () => {
    for (const { path, api } of routes) {
      for (const method of METHODS) {
        const operation = api?.[method];
        if (!operation || operation.audience === 'public') continue;
        const { status } = await ask('nobody', method, address(path, mine));
        expect(`${method} ${path} ${status}`).toBe(`${method} ${path} 401`);
      }
    }
  });

  test('NFR-SEC-004, AT-011: admin routes are 404 for users of every kind, the same as for what is not there; 403 for an analyst’s change', async () => {
    const absent = await problemOf(await ask('other', 'GET', `/api/v1/rooms/${newId()}`));
    for (const { path, api } of routes.filter((route) => isAdmin(route.path))) {
      for (const method of METHODS) {
        const operation = api?.[method];
        if (!operation) continue;
        const name = `${method} ${path}`;
        expect(operation.audience, name).toBe('admin');
        for (const who of ['user', 'suspended', 'other'] as const) {
          expect({ name, ...(await problemOf(await ask(who, method, address(path, mine)))) }).toEqual({
            name,
            ...absent,
          });
        }
        if (method === 'GET') continue;
        const { status } = await ask('analyst', method, address(path, mine));
        // What isn't there is absent for an analyst as well; what is there is refused.
        expect(`${name} ${status}`).toMatch(/ (403|404)$/);
      }
    }
  });

  test('AT-011: an analyst reads every admin list, and changes nothing that exists', async () => {
    for (const path of ['users', 'settings', 'pricing-versions', 'invites', 'audit-logs', 'jobs']) {
      expect(`${path} ${(await clients.analyst.get(`/admin/${path}`)).status}`).toBe(`${path} 200`);
    }
    const changes: [Method, string][] = [
      ['PATCH', `/admin/users/${mine['userId'] ?? ''}`],
      ['POST', `/admin/users/${mine['userId'] ?? ''}/credits`],
      ['PUT', '/admin/model-policies/starter'],
      ['PUT', '/admin/settings'],
      ['POST', '/admin/pricing-versions'],
      ['PUT', '/admin/pricing-versions/1'],
      ['POST', '/admin/pricing-versions/1/publish'],
      ['DELETE', '/admin/pricing-versions/1'],
      ['POST', '/admin/invites'],
    ];
    for (const [method, path] of changes) {
      const { status, code } = await problemOf(await ask('analyst', method, `/api/v1${path}`));
      expect({ path, status, code }).toEqual({ path, status: 403, code: 'owner_required' });
    }
  });

  test('I7: what is somebody’s is absent to everybody else, admins included, in the same words', async () => {
    const absent = await problemOf(await ask('other', 'GET', `/api/v1/rooms/${newId()}`));
    let asked = 0;
    for (const { path, api } of routes.filter((route) => !isAdmin(route.path))) {
      const names = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
      if (names.length === 0 || !names.every((name) => name in mine)) continue;
      for (const method of METHODS) {
        if (!api?.[method] || api[method].audience === 'public') continue;
        for (const who of ['other', 'suspended', ...ADMINS] as const) {
          const name = `${method} ${path} as ${who}`;
          expect({ name, ...(await problemOf(await ask(who, method, address(path, mine)))) }).toEqual({
            name,
            ...absent,
          });
          asked += 1;
        }
      }
    }
    expect(asked).toBeGreaterThan(100);
  });

  test('a suspended user changes nothing: 403, or 404 for what they do not have', async () => {
    for (const { path, api } of routes) {
      for (const method of METHODS) {
        const operation = api?.[method];
        if (!operation || method === 'GET' || operation.audience === 'public' || operation.allowSuspended) continue;
        const { status } = await ask('suspended', method, address(path, mine));
        expect(`${method} ${path} ${status}`).toMatch(/ (403|404)$/);
      }
    }
  });
});

describe('pages', () => {
  test('nobody is sent to sign in from every page that is not public', async () => {
    for (const { path } of routes.filter(({ path: each, api }) => api === null && !PUBLIC_PAGES.includes(each))) {
      if (path.startsWith('/v1/')) continue;
      let at = address(path, mine);
      let status = 302;
      for (let hops = 0; status === 302 && !at.startsWith('/sign-in') && hops < 3; hops++) {
        const response = await ask('nobody', 'GET', at);
        status = response.status;
        at = response.headers.get('Location') ?? at;
      }
      const refused = status === 401 || (status === 302 && at.startsWith('/sign-in'));
      expect(`${path} ${refused ? 'refused' : `${status} ${at}`}`).toBe(`${path} refused`);
    }
  });

  test('FR-ADMIN-001, NFR-SEC-004: admin pages are 200 for owner and analyst, 404 for everybody else, in data requests too', async () => {
    const pages = routes.filter(({ path, api }) => api === null && isAdmin(path));
    expect(pages.length).toBeGreaterThan(12);
    const ids = { ...mine, version: '1', report: 'usage', purgeId: newId() };
    for (const { path } of pages) {
      const at = address(path, ids);
      for (const who of ['user', 'suspended', 'other'] as const) {
        expect(`${path} ${who} ${(await ask(who, 'GET', at)).status}`).toBe(`${path} ${who} 404`);
        const data = await ask(who, 'GET', `${at}.data`);
        expect(data.status === 200 ? await data.text() : '404').toMatch(/^404$|not_found/);
      }
      for (const who of ADMINS) {
        expect(`${path} ${who} ${(await ask(who, 'GET', at)).status}`).toBe(`${path} ${who} 200`);
      }
      for (const who of ['nobody', 'user', 'suspended', 'other', 'analyst'] as const) {
        const { status } = await ask(who, 'POST', at);
        expect(status === 200 || status === 204 ? `${path} let ${who} post` : 'refused').toBe('refused');
      }
    }
  });

  test('a page of somebody’s is absent to everybody else', async () => {
    for (const { path } of routes.filter((route) => route.api === null && !isAdmin(route.path))) {
      const names = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
      if (names.length === 0 || !names.every((name) => name in mine)) continue;
      expect(`${path} ${(await ask('user', 'GET', address(path, mine))).status}`).toBe(`${path} 200`);
      for (const who of ['other', 'suspended', ...ADMINS] as const) {
        expect(`${path} ${who} ${(await ask(who, 'GET', address(path, mine))).status}`).toBe(`${path} ${who} 404`);
      }
    }
  });
});

describe('what Express answers by itself', () => {
  test('probes and metrics tell everybody the same, and nothing about anybody', async () => {
    for (const path of ['/healthz', '/readyz', '/metrics']) {
      for (const who of PRINCIPALS) {
        const response = await ask(who, 'GET', path);
        const text = await response.text();
        expect(response.status).toBe(200);
        expect(text).not.toContain(mine['userId']);
      }
      expect((await ask('owner', 'POST', path)).status).not.toBe(200);
    }
    for (const who of PRINCIPALS) {
      expect((await ask(who, 'GET', '/api/v1/nothing')).status).toBe(404);
      expect((await ask(who, 'GET', '/v1/nothing')).status).toBe(404);
    }
  });
});
