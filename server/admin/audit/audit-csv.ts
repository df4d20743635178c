import type { App } from '#server/app.ts';
import { findAuditLogs } from '#server/admin/audit/find-audit-logs.ts';
import { recordAudit, type By } from '#server/admin/audit/record-audit.ts';
import type { AuditFilter, AuditLog } from '#server/admin/contract.ts';
import { toCsv } from '#server/http/csv.ts';
import { transaction } from '#server/platform/db.ts';

const PAGE = 1_000;
/** More than this is asked for by days. */
const MOST = 100_000;

/** What matches the filter, as CSV, newest first; that it was exported is in the log afterwards. */
export async function auditCsv(app: Pick<App, 'db'>, { filter, by }: { filter: AuditFilter; by: By }): Promise<string> {
  const { action, actor, targetId, from, to } = filter;
  const rows: AuditLog[] = [];
  let cursor: string | undefined;
  do {
    const page = await findAuditLogs(app, { action, actor, targetId, from, to, limit: PAGE, cursor });
    rows.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && rows.length < MOST);
  await transaction(app.db, (tx) =>
    recordAudit(tx, {
      ...by,
      action: 'export',
      target: { type: 'audit_log', id: null },
      after: { rows: rows.length, action, actor, targetId, from, to },
    }),
  );
  const columns = ['seq', 'time', 'actor', 'actor_id', 'action', 'target_type', 'target_id', 'before', 'after'];
  return toCsv(
    [...columns, 'request_id', 'hash'],
    rows.map((row) => ({
      seq: row.seq,
      time: row.createdAt,
      actor: row.actorEmail ?? (row.actorId === null ? 'system' : 'deleted'),
      actor_id: row.actorId,
      action: row.action,
      target_type: row.targetType,
      target_id: row.targetId,
      before: row.before === null ? null : JSON.stringify(row.before),
      after: row.after === null ? null : JSON.stringify(row.after),
      request_id: row.requestId,
      hash: row.hash,
    })),
  );
}
