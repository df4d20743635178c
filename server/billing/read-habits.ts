import type { Pool } from 'pg';

/** What one step of somebody took, lately: in tokens written, calls made, share of the prompt cached, tools paid. `usual` is the mean. */
export type Habit = {
  steps: number;
  leastOutput: number;
  mostOutput: number;
  mostCalls: number;
  mostPrompt: number;
  cachedShare: number;
  mostTools: bigint;
  usualOutput: number;
  usualCalls: number;
  usualCachedShare: number;
  usualTools: bigint;
};

type Row = {
  who: string;
  steps: number;
  least_output: number;
  most_output: number;
  most_calls: number;
  most_prompt: number;
  cached_share: number;
  most_tools: bigint;
  usual_output: number;
  usual_calls: number;
  usual_cached_share: number;
  usual_tools: bigint;
};

/** Steps of one agent that are looked at, the latest. */
const LATEST = 30;
/** Turns in which they are looked for, the latest: what somebody did elsewhere, or long ago, costs a quote nothing. */
const TURNS = 200;

/** What each agent of a conversation, its manager and its summaries usually take: by agent id, else by purpose. */
export async function readHabits(db: Pool, conversationId: string, userId: string): Promise<Map<string, Habit>> {
  const { rows } = await db.query<Row>(HABITS, [userId, conversationId]);
  return new Map(
    rows.map((row) => [
      row.who,
      {
        steps: row.steps,
        leastOutput: row.least_output,
        mostOutput: row.most_output,
        mostCalls: row.most_calls,
        mostPrompt: row.most_prompt,
        cachedShare: row.cached_share,
        mostTools: row.most_tools,
        usualOutput: row.usual_output,
        usualCalls: row.usual_calls,
        usualCachedShare: row.usual_cached_share,
        usualTools: row.usual_tools,
      },
    ]),
  );
}

const HABITS = `
WITH step AS (
  SELECT coalesce(c.agent_id::text, c.purpose) AS who, coalesce(c.step_id, c.id) AS step_id, max(c.created_at) AS at,
    sum(c.completion_tokens)::int AS output, count(*)::int AS calls, max(c.prompt_tokens) AS prompt,
    coalesce(max(c.cached_tokens::float8 / nullif(c.prompt_tokens, 0)), 0) AS cached
  FROM (SELECT id FROM turns WHERE conversation_id = $2 AND created_at > now() - interval '90 days'
        ORDER BY created_at DESC LIMIT ${TURNS}) t
  JOIN llm_call_events c ON c.turn_id = t.id
  WHERE c.user_id = $1 AND c.status IN ('ok', 'estimated')
  GROUP BY 1, 2
), latest AS (
  SELECT *, row_number() OVER (PARTITION BY who ORDER BY at DESC) AS place FROM step
), paid AS (
  SELECT *, coalesce((SELECT sum(t.credits_burned) FROM tool_call_events t WHERE t.step_id = latest.step_id), 0) AS tools
  FROM latest WHERE place <= ${LATEST}
)
SELECT who, count(*)::int AS steps, min(output) AS least_output, max(output) AS most_output, max(calls) AS most_calls,
  max(prompt) AS most_prompt, max(cached) AS cached_share, max(tools)::bigint AS most_tools,
  avg(output)::float8 AS usual_output, avg(calls)::float8 AS usual_calls, avg(cached) AS usual_cached_share,
  avg(tools)::bigint AS usual_tools
FROM paid GROUP BY who`;
