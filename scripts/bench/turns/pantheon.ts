import pg from 'pg';
import { hashToken, newToken } from '#server/auth/token.ts';
import { newId } from '#server/platform/ids.ts';
import { startServer, type ServerOptions, type ServerProcess } from '../../../tests/support/server-process.ts';
import { cpuSecondsOf } from './cpu.ts';
import { readUntil } from './read-until.ts';
import type { Subject, SubjectOptions } from './subject.ts';

export type Headers = Record<string, string>;
export type BenchUser = { id: string; headers: Headers };

/**
 * The product as `npm start` runs it, with roundtable rooms of three agents; a message goes in by the API and the answer is
 * read from the turn's event stream. `roles` starts one process each; messages go to the first that serves the web, streams
 * are read from the last.
 */
export async function startPantheon(
  options: SubjectOptions & {
    roles?: NonNullable<ServerOptions['role']>[];
    name?: string;
    env?: Record<string, string>;
  },
): Promise<Subject> {
  const env = { ...options.env, LLM_BASE_URL: options.modelBaseUrl, LIMIT_QUEUED_TURNS: '100000' };
  const servers: ServerProcess[] = [];
  for (const role of options.roles ?? ['all' as const]) {
    servers.push(await startServer({ databaseUrl: options.databaseUrl, env, role }));
  }
  const serving = servers.filter((_, place) => (options.roles?.[place] ?? 'all') !== 'worker');
  const url = serving[0]?.url ?? '';
  const readFrom = serving.at(-1)?.url ?? url;
  const users = await createUsers(options.databaseUrl, options.conversations);
  const rooms = await Promise.all(users.map(({ headers }) => createRoom(url, headers)));
  return {
    name: options.name ?? 'Pantheon',
    async ask(n) {
      const headers = users[n]?.headers ?? {};
      const startedAt = performance.now();
      const response = await fetch(`${url}/api/v1/rooms/${rooms[n]}/turns`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ message: 'What should we do first?' }),
      });
      if (response.status !== 202) throw new Error(`HTTP ${response.status}: ${await response.text()}`);
      const { turn } = (await response.json()) as { turn: { id: string } };
      const accepted = performance.now() - startedAt;
      const events = await fetch(`${readFrom}/api/v1/turns/${turn.id}/events`, { headers });
      const firstAt = await readUntil(events, /event: step_delta/);
      return { firstToken: firstAt - startedAt, accepted, ended: performance.now() - startedAt };
    },
    cpuSeconds: () => servers.reduce((sum, { pid }) => sum + cpuSecondsOf(pid), 0),
    async close() {
      for (const server of servers) {
        await server.kill('SIGTERM');
        await server.close();
      }
    },
  };
}

/** One user per conversation, as in life, each with credits and an API key. */
export async function createUsers(databaseUrl: string, count: number): Promise<BenchUser[]> {
  const db = new pg.Client({ connectionString: databaseUrl });
  await db.connect();
  const users: BenchUser[] = [];
  for (let n = 0; n < count; n += 1) {
    const key = newToken();
    const user = newId();
    await db.query('INSERT INTO users (id, email) VALUES ($1, $2)', [user, `${user}@bench.example`]);
    await db.query("SELECT grant_credits($1, $2, 'signup', $3, 1000000000000, NULL, NULL)", [
      newId(),
      user,
      `signup:${user}`,
    ]);
    await db.query(
      `INSERT INTO api_keys (id, user_id, name, prefix, key_hash, scopes) VALUES ($1, $2, 'bench', 'bench', $3, '{read,write}')`,
      [newId(), user, hashToken(key)],
    );
    users.push({ id: user, headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' } });
  }
  await db.end();
  return users;
}

export async function createRoom(url: string, headers: Headers): Promise<string> {
  const api = async (path: string, method: string, body: unknown) => {
    const response = await fetch(`${url}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`HTTP ${response.status}: ${await response.text()}`);
    return (await response.json()) as { id: string };
  };
  const { id } = await api('/rooms', 'POST', { name: 'Bench' });
  for (const name of ['Analyst', 'Writer', 'Critic']) {
    await api(`/rooms/${id}/agents`, 'POST', { name, modelAlias: 'llama', rolePrompt: `You are ${name}.` });
  }
  await api(`/rooms/${id}/mode`, 'PUT', { mode: 'roundtable' });
  return id;
}
