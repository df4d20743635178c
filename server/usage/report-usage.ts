import type { App } from '#server/app.ts';
import type { UsageGroup, UsageReport, UsageRow } from '#server/usage/contract.ts';

type Row = {
  key: string | null;
  label: string | null;
  calls: number;
  failed: number;
  tools: number;
  prompt: bigint;
  cached: bigint;
  completion: bigint;
  total: bigint;
  charged: bigint;
};

const DAY = `(u.created_at AT TIME ZONE 'UTC')::date`;

/**
 * Each gives every group of rows of `u` its key and label; rows with one key are a group where `by` says nothing else. Names are
 * today's; what is gone keeps its id. A day is written out once for a group: for each row it took longer than all the rest.
 */
const GROUPS: Record<UsageGroup, { by?: string; key: string; label: string; joins: string; order: string }> = {
  day: {
    by: DAY,
    key: `to_char(${DAY}, 'YYYY-MM-DD')`,
    label: `to_char(${DAY}, 'YYYY-MM-DD')`,
    joins: '',
    order: 'key',
  },
  model: {
    key: 'u.model_alias',
    label: 'min(coalesce(m.display_name, u.model_alias))',
    joins: 'LEFT JOIN model_pricing m ON m.alias = u.model_alias AND m.pricing_version_id = u.pricing_version',
    order: 'charged DESC, key',
  },
  room: {
    key: 'coalesce(u.room_id, u.direct_session_id)::text',
    label: `min(coalesce(r.name, d.title, 'Deleted'))`,
    joins: 'LEFT JOIN rooms r ON r.id = u.room_id LEFT JOIN direct_sessions d ON d.id = u.direct_session_id',
    order: 'charged DESC, key',
  },
  agent: {
    key: `coalesce(u.agent_id::text, u.purpose)`,
    label: `min(coalesce(a.name, d.title, CASE u.purpose WHEN 'summary' THEN 'Summaries' WHEN 'agent' THEN 'Deleted' ELSE 'Manager' END))`,
    joins: 'LEFT JOIN room_agents a ON a.id = u.agent_id LEFT JOIN direct_sessions d ON d.id = u.agent_id',
    order: 'charged DESC, key',
  },
};

/** What a user's calls and tools used and cost in a period, summed by day, model, room or agent. */
export async function reportUsage(
  { db }: Pick<App, 'db'>,
  options: { userId: string; from: Date; to: Date; groupBy: UsageGroup },
): Promise<UsageReport> {
  const group = GROUPS[options.groupBy];
  const { rows } = await db.query<Row>(
    `WITH u AS (
       SELECT created_at, model_alias, pricing_version, room_id, direct_session_id, agent_id,
         CASE purpose WHEN 'synthesis' THEN 'manager' ELSE purpose END AS purpose, 1 AS calls,
         (status IN ('failed', 'lost'))::int AS failed, 0 AS tools, prompt_tokens::bigint, cached_tokens::bigint,
         completion_tokens::bigint, total_tokens::bigint, credits_burned
       FROM llm_call_events WHERE user_id = $1 AND created_at >= $2 AND created_at < $3
       UNION ALL
       SELECT e.created_at, 'tool:' || e.tool, e.pricing_version, t.room_id, t.direct_session_id, e.agent_id,
         'agent', 0, 0, 1, 0, 0, 0, 0, e.credits_burned
       FROM tool_call_events e LEFT JOIN turns t ON t.id = e.turn_id
       WHERE e.user_id = $1 AND e.created_at >= $2 AND e.created_at < $3
     )
     SELECT ${group.key} AS key, ${group.label} AS label, sum(u.calls)::int AS calls, sum(u.failed)::int AS failed,
       sum(u.tools)::int AS tools, sum(u.prompt_tokens)::bigint AS prompt, sum(u.cached_tokens)::bigint AS cached,
       sum(u.completion_tokens)::bigint AS completion, sum(u.total_tokens)::bigint AS total,
       sum(u.credits_burned)::bigint AS charged
     FROM u ${group.joins} GROUP BY ${group.by ?? '1'} ORDER BY ${group.order}`,
    [options.userId, options.from, options.to],
  );
  return {
    from: options.from.toISOString(),
    to: options.to.toISOString(),
    groupBy: options.groupBy,
    items: rows.map((row) => ({ key: row.key ?? '', label: row.label ?? '', ...countsOf([row]) })),
    nextCursor: null,
    total: countsOf(rows),
  };
}

function countsOf(rows: Row[]): Omit<UsageRow, 'key' | 'label'> {
  const sum = (field: 'calls' | 'failed' | 'tools' | 'prompt' | 'cached' | 'completion' | 'total') =>
    Number(rows.reduce((total, row) => total + BigInt(row[field]), 0n));
  return {
    calls: sum('calls'),
    failedCalls: sum('failed'),
    toolCalls: sum('tools'),
    promptTokens: sum('prompt'),
    cachedTokens: sum('cached'),
    completionTokens: sum('completion'),
    totalTokens: sum('total'),
    chargedMicroCredits: String(rows.reduce((total, row) => total + row.charged, 0n)),
  };
}
