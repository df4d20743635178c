import type { App } from '#server/app.ts';
import { claimTurn } from '#server/turns/claim-turn.ts';
import { executeTurn } from '#server/turns/execute-turn.ts';
import { compileGraphs } from '#server/turns/graphs.ts';
import type { StoredEvent } from '#server/turns/event-hub.ts';
import { LEASE_MS, RENEW_EVERY_MS } from '#server/turns/lease.ts';
import { endRun, type Run } from '#server/turns/run.ts';

export type Runner = {
  start(): Promise<void>;
  /** A conversation has something to do: do it here if this process runs turns and has room, else tell the others. */
  kick(conversationId: string): void;
  /** True when this process would run one more turn at once. */
  hasRoom(): boolean;
  /** Runs a turn that this process holds already; `logged` is all that its log has. */
  adopt(run: Run, logged: StoredEvent[]): void;
  /** Claims nothing more, waits for what runs, and hands over what is still running after `ms`. */
  drain(ms: number): Promise<void>;
  /** Turns that run in this process. */
  readonly running: number;
  readonly started: boolean;
  /** True from `drain` on: connections that end now end because of us. */
  readonly draining: boolean;
};

const SWEEP_EVERY_MS = 2_000;
const MAX_RUNNING = 256;
/** The sweep asks again for those that wait at a limit, so this is renewed while there are any. */
const LIMITED_MS = 3 * SWEEP_EVERY_MS;

/**
 * Claims what waits and runs it, one turn per conversation at a time. The turns table is the queue: rings are hints, a sweep
 * finds what was missed and what a crashed process left, and a claim is a fenced update, so nothing depends on a message.
 */
export function createRunner(app: Omit<App, 'runner'>): Runner {
  const executes = app.env.role !== 'web';
  const runs = new Map<string, Run>();
  const busy = new Map<string, Promise<void>>();
  const again = new Set<string>();
  const graphs = compileGraphs(app, (turnId) => runs.get(turnId));
  let started = false;
  let draining = false;
  /** When a conversation that was thought to wait could not be claimed: perhaps because of a limit. */
  let refusedAt = -Infinity;
  let sweepTimer: NodeJS.Timeout | undefined;
  let renewTimer: NodeJS.Timeout | undefined;

  function ring(conversationId: string): void {
    app.db.query('SELECT pg_notify($1, $2)', ['turn_ring', conversationId]).catch((error: unknown) => {
      app.log.warn('ringing failed; the sweep will find it', { error });
    });
  }

  function kick(conversationId: string): void {
    if (!executes || draining || !started) return ring(conversationId);
    if (busy.has(conversationId)) {
      again.add(conversationId);
      return;
    }
    if (busy.size >= MAX_RUNNING) return ring(conversationId);
    begin(conversationId);
  }

  function begin(conversationId: string, work: () => Promise<void> = () => workThrough(conversationId)): void {
    const before = busy.get(conversationId);
    const all = Promise.all([before, carryOut(conversationId, work)]).then(() => {
      if (busy.get(conversationId) !== all) return;
      busy.delete(conversationId);
      if (again.delete(conversationId) && !draining) begin(conversationId);
    });
    busy.set(conversationId, all);
  }

  async function carryOut(conversationId: string, work: () => Promise<void>): Promise<void> {
    await work().catch((error: unknown) => {
      app.log.error('a conversation could not go on; its turn is taken up again when its lease ends', {
        conversationId,
        error,
      });
    });
  }

  async function workThrough(conversationId: string): Promise<void> {
    while (!draining) {
      const run = await claimTurn(app.db, { conversationId, mostRunning: app.env.limitRunningTurns });
      if (!run) {
        refusedAt = Date.now();
        return;
      }
      if (!(await runTurn(run, []))) return;
    }
  }

  /** Runs a turn that is this process's; true when another of its conversation may wait. */
  async function runTurn(run: Run, logged: StoredEvent[]): Promise<boolean> {
    runs.set(run.turn.id, run);
    const unexpect = app.hub.expect(run.turn.id, logged);
    app.metrics.turnsRunning.set(runs.size);
    try {
      await executeTurn(app, graphs, run);
    } finally {
      endRun(run, { reason: 'lost' });
      await Promise.allSettled(run.running.values());
      runs.delete(run.turn.id);
      unexpect();
      app.metrics.turnsRunning.set(runs.size);
    }
    if (run.end?.reason === 'handover') await release(run);
    else if (Date.now() - refusedAt < LIMITED_MS) await kickNext(run.turn.user_id);
    // Whoever sends from now on rings again.
    return run.turn.status === 'running' || run.othersWait;
  }

  async function release(run: Run): Promise<void> {
    await app.db.query('UPDATE turns SET lease_until = now() WHERE id = $1 AND lease_token = $2', [
      run.turn.id,
      run.lease.token,
    ]);
    ring(run.turn.conversation_id);
  }

  /** A turn has ended: one that waited for its user's limit, or for everybody's, may start. */
  async function kickNext(userId: string): Promise<void> {
    const { rows } = await app.db.query<{ conversation_id: string }>({
      name: 'next-waiting',
      text: NEXT,
      values: [userId],
    });
    if (rows[0]) kick(rows[0].conversation_id);
  }

  async function renew(): Promise<void> {
    const held = [...runs.values()].filter((run) => run.end?.reason !== 'lost');
    if (held.length === 0) return;
    const { rows } = await app.db.query<{ id: string; stop_requested: boolean; skipped: string[] | null }>(RENEW, [
      held.map((run) => run.turn.id),
      held.map((run) => run.lease.token),
      LEASE_MS,
    ]);
    const renewed = new Map(rows.map((row) => [row.id, row]));
    for (const run of held) {
      const row = renewed.get(run.turn.id);
      if (!row) {
        if (run.turn.status === 'running') run.lease.lost();
        continue;
      }
      if (row.stop_requested) endRun(run, { reason: 'stopped' });
      for (const key of row.skipped ?? []) skip(run, key);
    }
  }

  function skip(run: Run, key: string): void {
    const step = run.steps.get(key);
    if (step) step.skip_requested_at ??= new Date();
    run.stepAborts.get(key)?.abort();
  }

  async function sweep(): Promise<void> {
    const room = MAX_RUNNING - busy.size;
    if (draining || room <= 0) return;
    const { rows } = await app.db.query<{ conversation_id: string }>(SWEEP, [room]);
    for (const { conversation_id } of rows) kick(conversation_id);
  }

  const safely = (name: string, work: () => Promise<void>) => () => {
    work().catch((error: unknown) => app.log.warn(`${name} failed`, { error }));
  };

  return {
    async start() {
      if (started) return;
      started = true;
      if (!executes) return;
      app.hub.onRing((conversationId) => {
        if (!draining && busy.size < MAX_RUNNING) kick(conversationId);
      });
      app.hub.onControl(({ turnId }) => {
        if (runs.has(turnId)) safely('renewing leases', renew)();
      });
      sweepTimer = setInterval(safely('sweeping turns', sweep), SWEEP_EVERY_MS);
      renewTimer = setInterval(safely('renewing leases', renew), RENEW_EVERY_MS);
      await sweep();
    },
    kick,
    hasRoom: () => executes && started && !draining && busy.size < MAX_RUNNING,
    adopt(run, logged) {
      const { conversation_id: conversationId } = run.turn;
      if (draining) endRun(run, { reason: 'handover' });
      begin(conversationId, async () => {
        if (await runTurn(run, logged)) await workThrough(conversationId);
      });
    },
    async drain(ms) {
      draining = true;
      clearInterval(sweepTimer);
      const idle = Promise.allSettled([...busy.values()]);
      const timeout = new Promise((resolve) => setTimeout(resolve, ms).unref());
      await Promise.race([idle, timeout]);
      for (const run of runs.values()) endRun(run, { reason: 'handover' });
      await Promise.allSettled([...busy.values()]);
      clearInterval(renewTimer);
    },
    get running() {
      return runs.size;
    },
    get started() {
      return started;
    },
    get draining() {
      return draining;
    },
  };
}

/** Locked in the order in which deltas are appended (append-events.ts), or the two could wait for each other. */
const RENEW = `
WITH held AS (
  SELECT t.id FROM turns t JOIN unnest($1::uuid[], $2::uuid[]) AS held (id, token) ON held.id = t.id
  WHERE t.lease_token = held.token AND t.status = 'running'
  ORDER BY t.id FOR NO KEY UPDATE OF t)
UPDATE turns t SET lease_until = now() + $3 * interval '1 millisecond'
FROM held WHERE t.id = held.id
RETURNING t.id, t.stop_requested_at IS NOT NULL AS stop_requested,
  (SELECT array_agg(s.key) FROM turn_steps s WHERE s.turn_id = t.id AND s.skip_requested_at IS NOT NULL) AS skipped`;

const NEXT = `
SELECT t.conversation_id FROM turns t
WHERE t.status = 'queued' AND NOT EXISTS (
  SELECT 1 FROM turns r WHERE r.conversation_id = t.conversation_id AND r.status = 'running')
ORDER BY (t.user_id = $1) DESC, t.created_at LIMIT 1`;

/** In any order: those that wait for a limit must not keep the sweep from the others. */
const SWEEP = `
SELECT conversation_id FROM (SELECT DISTINCT t.conversation_id FROM turns t
WHERE (t.status = 'running' AND t.lease_until < now())
  OR (t.status = 'queued' AND NOT EXISTS (
    SELECT 1 FROM turns r WHERE r.conversation_id = t.conversation_id AND r.status = 'running'))) waiting
ORDER BY random() LIMIT $1`;
