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
  /** Hands events that this process has just committed to its own readers, and tells other processes that follow the turn. */
  feed(turnId: string, events: StoredEvent[]): void;
  /** The same of events that this process committed and no longer knows as the table has them. */
  tell(turnId: string, lastSeq: number): void;
  /**
   * This process writes this turn's events until the returned function is called: it will be fed them, and keeps them for
   * readers to come. `logged`: what the log has already, of a turn that this process took on itself; of one that another may
   * have taken on, and may follow, nothing.
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

const CHANNELS = ['turn_events', 'turn_followed', 'turn_ring', 'turn_control'] as const;
const RECENT_EVENTS = 256;
const POLL_MS = 5_000;
/** A turn that this process thinks is its own is looked up like any other after this long: it may be another's by now. */
const FED_WITHIN_MS = 250;
/** Notifications that are on their way at a time. */
const SENDERS = 4;
/** Turns that one notification, of 8,000 bytes at most, has room for. */
const HINTS = 150;

type Followed = { interested: number; lastSeq: number; recent: StoredEvent[]; asked: boolean };
/** A turn whose events this process writes, or wrote a moment ago. */
type Written = { lastSeq: number; elsewhere: boolean; endedAt: number | null };

/**
 * Tells this process's readers that a turn has news. One LISTEN connection per process; NOTIFY is only a hint, so
 * one slow query for all followed turns backs it up, and readers always read the table when they are not contiguous.
 * Processes are told of a turn only if one of them has said that it follows it (`turn_followed`), or may have taken it on,
 * and after its commit: a commit that notifies is flushed by itself (prisma/migrations/0044_news_after_the_commit).
 */
export function createEventHub({ db, databaseUrl, log }: { db: Pool; databaseUrl: string; log: Logger }): EventHub {
  const followed = new Map<string, Followed>();
  const written = new Map<string, Written>();
  /** Turns that others follow, as they have said lately: perhaps before this process knew that it writes one. */
  const followedElsewhere = new Map<string, number>();
  const outgoing = { turn_events: new Map<string, string>(), turn_followed: new Map<string, string>() };
  let senders = 0;
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
    const entry = followed.get(turnId) ?? { interested: 0, lastSeq: 0, recent: [], asked: false };
    entry.interested += 1;
    followed.set(turnId, entry);
    return () => {
      entry.interested -= 1;
      if (entry.interested === 0) followed.delete(turnId);
    };
  }

  const expects = (turnId: string) => written.get(turnId)?.endedAt === null;

  function feed(turnId: string, events: StoredEvent[]): void {
    const entry = followed.get(turnId);
    const last = events.at(-1);
    if (!entry || !last) return;
    const previous = entry.recent.at(-1);
    if (previous && events[0]?.seq !== previous.seq + 1) entry.recent = [];
    entry.recent.push(...events);
    if (entry.recent.length > RECENT_EVENTS) entry.recent.splice(0, entry.recent.length - RECENT_EVENTS);
    tell(turnId, last.seq);
  }

  function tell(turnId: string, lastSeq: number): void {
    advance(turnId, lastSeq);
    const turn = written.get(turnId);
    if (!turn) return;
    turn.lastSeq = lastSeq;
    if (turn.elsewhere) send('turn_events', turnId, `${turnId}:${lastSeq}`);
  }

  /** What comes while enough is on its way goes together, of each turn the newest. */
  function send(channel: keyof typeof outgoing, turnId: string, hint: string): void {
    outgoing[channel].set(turnId, hint);
    if (senders < SENDERS) void sendAll();
  }

  async function sendAll(): Promise<void> {
    senders += 1;
    for (;;) {
      const next = Object.entries(outgoing).find(([, hints]) => hints.size > 0);
      if (!next) break;
      const [channel, hints] = next;
      const sent = [...hints].slice(0, HINTS);
      for (const [turnId] of sent) hints.delete(turnId);
      const values = [channel, sent.map(([, hint]) => hint).join(' ')];
      await db.query({ name: 'notify', text: 'SELECT pg_notify($1, $2)', values }).catch((error: unknown) => {
        log.warn('telling of events failed; those who follow them will look', { error });
      });
    }
    senders -= 1;
  }

  function onNews(turnId: string, lastSeq: number): void {
    const entry = followed.get(turnId);
    if (!entry || lastSeq <= entry.lastSeq) return;
    if (expects(turnId)) setTimeout(advance, FED_WITHIN_MS, turnId, lastSeq).unref();
    else advance(turnId, lastSeq);
  }

  /** The first to ask is answered at once: what it follows may have gone on, or ended, since it looked. Then all hear all. */
  function onFollowed(turnId: string): void {
    followedElsewhere.set(turnId, Date.now());
    const turn = written.get(turnId);
    if (!turn || turn.elsewhere) return;
    turn.elsewhere = true;
    send('turn_events', turnId, `${turnId}:${turn.lastSeq}`);
  }

  function onNotification({ channel, payload = '' }: pg.Notification): void {
    if (channel === 'turn_events') {
      for (const hint of payload.trim().split(' ')) onNews(hint.slice(0, 36), Number(hint.slice(37)));
    } else if (channel === 'turn_followed') {
      for (const turnId of payload.split(' ')) onFollowed(turnId);
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

  /** What nobody asks for any more, and what may not have been heard. */
  function tidy(): void {
    const before = Date.now() - POLL_MS;
    for (const [turnId, { endedAt }] of written) if (endedAt !== null && endedAt < before) written.delete(turnId);
    for (const [turnId, at] of followedElsewhere) if (at < before) followedElsewhere.delete(turnId);
    for (const [turnId, { asked }] of followed) if (asked) send('turn_followed', turnId, turnId);
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
        tidy();
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
    tell,
    expect(turnId, logged) {
      const leave = join(turnId);
      const elsewhere = logged.length === 0 || followedElsewhere.has(turnId);
      const turn: Written = { lastSeq: 0, elsewhere, endedAt: null };
      written.set(turnId, turn);
      feed(turnId, logged);
      return () => {
        turn.endedAt = Date.now();
        leave();
      };
    },
    expects,
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
      if (entry && !entry.asked && !expects(turnId)) {
        entry.asked = true;
        send('turn_followed', turnId, turnId);
      }
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
