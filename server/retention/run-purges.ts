import { recordAudit } from '#server/admin/audit/record-audit.ts';
import { transaction } from '#server/platform/db.ts';
import type { PurgeKind } from '#server/retention/contract.ts';
import { enlistDue } from '#server/retention/enlist-due.ts';
import type { Counts, PurgeApp } from '#server/retention/purge-app.ts';
import { purgeAccount } from '#server/retention/purge-account.ts';
import { purgeAgent } from '#server/retention/purge-agent.ts';
import { purgeConversation } from '#server/retention/purge-conversation.ts';
import { purgeFiles } from '#server/retention/purge-files.ts';
import { purgeMessage } from '#server/retention/purge-message.ts';
import { purgeOldContent } from '#server/retention/purge-old-content.ts';

type PurgeRow = { id: string; kind: PurgeKind; subject_id: string; attempt: number };

/**
 * Purges what is due, piece by piece, until nothing is left or `signal` says stop. A piece that fails is tried again later,
 * with growing pauses, and holds up no other; one that was cut off goes on where it stopped, since each step of it is
 * harmless twice.
 */
export async function runPurges(app: PurgeApp, signal: AbortSignal): Promise<void> {
  while ((await enlistDue(app)) > 0 && !signal.aborted) await drain(app, signal);
  await drain(app, signal);
}

async function drain(app: PurgeApp, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const { rows } = await app.db.query<PurgeRow>(CLAIM);
    const [purge] = rows;
    if (!purge) return;
    try {
      const counts = await carryOut(app, purge);
      await finish(app, purge, counts);
      app.metrics.purges.inc({ kind: purge.kind, status: 'done' });
      app.log.info('purged', { purgeId: purge.id, kind: purge.kind, subjectId: purge.subject_id, counts });
    } catch (error) {
      app.metrics.purges.inc({ kind: purge.kind, status: 'failed' });
      app.log.error('a purge failed and is tried again', { purgeId: purge.id, attempt: purge.attempt, error });
      await app.db.query(
        `UPDATE purges SET state = 'failed', error = $2, next_try_at = now() + least(attempt * attempt, 360) * interval '1 minute'
         WHERE id = $1`,
        [purge.id, error instanceof Error ? error.name : 'Error'],
      );
    }
  }
}

async function finish({ db }: PurgeApp, purge: PurgeRow, counts: Counts): Promise<void> {
  await transaction(db, async (tx) => {
    await tx.query(`UPDATE purges SET state = 'done', counts = $2, error = NULL, finished_at = now() WHERE id = $1`, [
      purge.id,
      JSON.stringify(counts),
    ]);
    // What was restored in the last moment was not purged.
    if (Object.keys(counts).length === 0) return;
    const target = { type: purge.kind, id: purge.subject_id };
    await recordAudit(tx, { actorId: null, requestId: null, action: 'purge', target, after: counts });
  });
}

function carryOut(app: PurgeApp, { kind, subject_id: id }: PurgeRow): Promise<Counts> {
  const options = { asked: true };
  switch (kind) {
    case 'account':
      return purgeAccount(app, id, options);
    case 'room':
    case 'direct_session':
      return purgeConversation(app, { kind, id }, options);
    case 'file':
      return purgeFiles(app, [id], options);
    case 'message':
      return purgeMessage(app, id, options);
    case 'agent':
      return purgeAgent(app, id, options);
    case 'old_content':
      return purgeOldContent(app, id);
  }
}

/** A piece whose process is gone is taken up again after a quarter of an hour. */
const CLAIM = `
UPDATE purges SET state = 'running', attempt = attempt + 1, started_at = now(), next_try_at = now() + interval '15 minutes'
WHERE id = (SELECT id FROM purges WHERE state <> 'done' AND next_try_at <= now()
            ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, kind, subject_id, attempt`;
