import pg from 'pg';

/** What only time brings: three months of calls by the people who are there, a job that failed for good, purges in every state. */
export async function fillPast(databaseUrl: string): Promise<void> {
  const db = new pg.Client({ connectionString: databaseUrl });
  await db.connect();
  try {
    await addPast(db);
  } finally {
    await db.end();
  }
}

async function addPast(db: pg.Client): Promise<void> {
  // More on working days, and one model that fails more than others.
  await db.query(`
    INSERT INTO llm_call_events (id, user_id, room_id, turn_id, purpose, provider, model, model_alias, prompt_tokens, completion_tokens,
        cached_tokens, total_tokens, provider_cost_usd, credits_burned, latency_ms, first_token_ms, status, error_code,
        pricing_version, multiplier, request_id, created_at)
      SELECT gen_random_uuid(), u.id, (SELECT id FROM rooms LIMIT 1), gen_random_uuid(), 'agent', m.provider, m.model, m.alias, 900 + n * 37 % 2400, 200 + n * 53 % 700,
        n * 11 % 400, 1100 + n * 90 % 3100, 0.0004 * (1 + n % 7) * m.multiplier, 120000 * (1 + n % 9), 600 + (n * 37) % 9000,
        150 + (n * 13) % 1500, CASE WHEN n % 31 = 0 THEN 'failed' ELSE 'ok' END,
        CASE WHEN n % 31 = 0 THEN (ARRAY['rate_limited', 'idle_timeout', 'provider_error'])[1 + n % 3] END, 1, 1, '',
        date_trunc('day', now()) - d * interval '1 day' - n * interval '7 minutes'
      FROM generate_series(1, 95) d, generate_series(1, 40) n,
        LATERAL (SELECT id FROM users ORDER BY md5(id::text || (n % 5 + d % 3)::text) LIMIT 1) u,
        LATERAL (SELECT * FROM model_pricing WHERE pricing_version_id = 1 ORDER BY md5(alias || (n * d % 7)::text) LIMIT 1) m
      WHERE n <= CASE WHEN extract(isodow FROM now() - d * interval '1 day') < 6 THEN 24 + d % 13 ELSE 9 END`);
  await db.query(`
    INSERT INTO pgboss.job (id, name, data, state, retry_limit, retry_count, output, completed_on, policy)
      VALUES (gen_random_uuid(), 'send-magic-link', '{}', 'failed', 5, 5, '{"name":"EAUTH"}', now() - interval '3 hours', 'standard')`);
  await db.query(`
    INSERT INTO purges (id, kind, subject_id, user_id, reason, state, attempt, error, due_at, next_try_at, finished_at, counts)
      SELECT gen_random_uuid(), kind, gen_random_uuid(), (SELECT id FROM users LIMIT 1), reason, state, attempt, error,
        now() - interval '25 hours', now() + interval '1 day', CASE state WHEN 'done' THEN now() - interval '1 day' END, counts::jsonb
      FROM (VALUES ('file', 'deleted', 'failed', 3, 'StorageError', '{}'), ('room', 'deleted', 'done', 1, NULL, '{"turns": 41, "files": 2}'),
        ('old_content', 'retention', 'done', 1, NULL, '{"turns": 310, "messages": 822}')) p (kind, reason, state, attempt, error, counts)`);
}
