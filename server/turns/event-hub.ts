import { EventEmitter, once } from 'node:events';
import pg from 'pg';
import type { Pool } from 'pg';
import type { Logger } from 'winston';
import type { EventType } from '#server/turns/contract.ts';

/** An event as readers get it: `json` is the whole wire object, serialised once for all of them. */
export type StoredEvent = { seq: number; type: EventType; json: string };

export type Control = { action: 'stop' | 'skip'; turnId: string };

export type EventHub = {
  start(): Promise<void>;
  close(): Promise<void>;
  /** Hands events that this process has just committed to its own readers. */
  feed(turnId: string, events: StoredEvent[]): void;
  /**
   * This process writes this turn's events until the returned function is called: it will be fed what it is told of, and
   * keeps it for readers to come. `logged`: what the log has already, if that is known.
   */
  expect(turnId: string, logged: StoredEvent[]): () => void;
  /** True while this process writes this turn's events: it has not ended then. */
  expects(turnId: string): boolean;
  /** Events after `cursor` if this process holds them without a gap, else null: read the table. */
  recent(turnId: string, cursor: number): StoredEvent[] | null;
  /** Resolves when there may be something after `cursor`, after `timeoutMs`, or when `signal` aborts. */
  wait(turnId: string, cursor: number, timeoutMs: number, signal: AbortSignal): Promise<void>;
  /** Follows a turn until the returned function is called. */
  follow(turnId: string): () => void;
  onRing(listener: (conversationId: string) => void): void;
  onControl(listener: (control: Control) => void): void;
  readonly followers: number;
};

const CHANNELS = ['turn_events', 'turn_ring', 'turn_control'] as const;
const RECENT_EVENTS = 256;
const POLL_MS = 5_000;
/** After this long a turn of this process is looked up like any other: an answer may be lost. */
const FED_WITHIN_MS = 250;

type Followed = { interested: number; lastSeq: number; recent: StoredEvent[] };

/**
 * Tells this process's readers that a turn has news. One LISTEN connection per process; NOTIFY is only a hint, so
 * one slow query for all followed turns backs it up, and readers always read the table when they are not contiguous.
 */
export function createEventHub({ db, databaseUrl, log }: { db: Pool; databaseUrl: string; log: Logger }): EventHub {
  const followed = new Map<string, Followed>();
  const expected = new Set<string>();
  let readers = 0;
  const news = new EventEmitter().setMaxListeners(0);
  const ringListeners: ((conversationId: string) => void)[] = [];
  const controlListeners: ((control: Control) => void)[] = [];
  let client: pg.Client | null = null;
  let closed = false;
  let poll: NodeJS.Timeout | undefined;
  let reconnect: NodeJS.Timeout | undefined;

  function advance(turnId: string, lastSeq: number): void {
    const entry = followed.get(turnId);
    if (!entry || lastSeq <= entry.lastSeq) return;
    entry.lastSeq = lastSeq;
    news.emit(turnId);
  }

  /** Keeps a turn's news until the returned function is called, by its readers and by whoever writes it. */
  function join(turnId: string): () => void {
    const entry = followed.get(turnId) ?? { interested: 0, lastSeq: 0, recent: [] };
    entry.interested += 1;
    followed.set(turnId, entry);
    return () => {
      entry.interested -= 1;
      if (entry.interested === 0) followed.delete(turnId);
    };
  }

  function feed(turnId: string, events: StoredEvent[]): void {
    const entry = followed.get(turnId);
    const last = events.at(-1);
    if (!entry || !last) return;
    const previous = entry.recent.at(-1);
    if (previous && events[0]?.seq !== previous.seq + 1) entry.recent = [];
    entry.recent.push(...events);
    if (entry.recent.length > RECENT_EVENTS) entry.recent.splice(0, entry.recent.length - RECENT_EVENTS);
    advance(turnId, last.seq);
  }

  /**
   * A commit's notification overtakes the answer to whoever made it. Where that is this process, its readers are better
   * served by what it is about to feed than by a look into the table.
   */
  function onNews(turnId: string, lastSeq: number): void {
    const entry = followed.get(turnId);
    if (!entry) return;
    const own = expected.has(turnId);
    if (own && entry.interested === 1) return;
    if (own) setTimeout(advance, FED_WITHIN_MS, turnId, lastSeq).unref();
    else advance(turnId, lastSeq);
  }

  function onNotification({ channel, payload = '' }: pg.Notification): void {
    if (channel === 'turn_events') {
      for (const hint of payload.trim().split(' ')) onNews(hint.slice(0, 36), Number(hint.slice(37)));
    } else if (channel === 'turn_ring') {
      for (const listener of ringListeners) listener(payload);
    } else if (channel === 'turn_control') {
      const [action, turnId] = payload.split(' ');
      if ((action === 'stop' || action === 'skip') && turnId) {
        for (const listener of controlListeners) listener({ action, turnId });
      }
    }
  }

  async function connect(): Promise<void> {
    const fresh = new pg.Client({
      connectionString: databaseUrl,
      application_name: 'pantheon-listen',
      keepAlive: true,
    });
    fresh.on('notification', onNotification);
    const lost = () => {
      if (client === fresh || client === null) {
        client = null;
        if (!closed) scheduleReconnect();
      }
    };
    fresh.on('error', lost);
    fresh.on('end', lost);
    await fresh.connect();
    for (const channel of CHANNELS) await fresh.query(`LISTEN ${channel}`);
    client = fresh;
    await pollFollowed();
  }

  function scheduleReconnect(): void {
    clearTimeout(reconnect);
    reconnect = setTimeout(() => {
      connect().catch((error: unknown) => {
        log.warn('listening for events failed; trying again', { error });
        if (!closed) scheduleReconnect();
      });
    }, 500);
  }

  async function pollFollowed(): Promise<void> {
    if (followed.size === 0) return;
    const { rows } = await db.query<{ id: string; last_seq: number }>(
      'SELECT id, last_seq FROM turns WHERE id = ANY($1::uuid[])',
      [[...followed.keys()]],
    );
    for (const row of rows) advance(row.id, row.last_seq);
  }

  return {
    async start() {
      await connect();
      poll = setInterval(() => {
        pollFollowed().catch((error: unknown) => log.warn('polling for events failed', { error }));
      }, POLL_MS);
    },
    async close() {
      closed = true;
      clearInterval(poll);
      clearTimeout(reconnect);
      await client?.end();
    },
    feed,
    expect(turnId, logged) {
      expected.add(turnId);
      const leave = join(turnId);
      feed(turnId, logged);
      return () => {
        expected.delete(turnId);
        leave();
      };
    },
    expects: (turnId) => expected.has(turnId),
    recent(turnId, cursor) {
      const entry = followed.get(turnId);
      if (!entry || cursor >= entry.lastSeq) return entry ? [] : null;
      const first = entry.recent[0];
      if (!first || first.seq > cursor + 1) return null;
      const newer = entry.recent.slice(cursor + 1 - first.seq);
      return newer.length === 0 ? null : newer;
    },
    async wait(turnId, cursor, timeoutMs, signal) {
      const entry = followed.get(turnId);
      if (signal.aborted || (entry && entry.lastSeq > cursor)) return;
      const timeout = new AbortController();
      const timer = setTimeout(() => timeout.abort(), timeoutMs);
      const stop = () => timeout.abort();
      signal.addEventListener('abort', stop, { once: true });
      try {
        await once(news, turnId, { signal: timeout.signal });
      } catch (error) {
        if (!timeout.signal.aborted) throw error;
      } finally {
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
      }
    },
    follow(turnId) {
      readers += 1;
      const leave = join(turnId);
      return () => {
        readers -= 1;
        leave();
      };
    },
    onRing(listener) {
      ringListeners.push(listener);
    },
    onControl(listener) {
      controlListeners.push(listener);
    },
    get followers() {
      return readers;
    },
  };
}
