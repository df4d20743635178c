-- Rollups of models that name nobody and of people that name no model, so that a page about a year reads some thousands of
-- rows; the numbers of active people, kept by day; and notes of single rows, so that what is not rolled up yet is little.

-- Nothing is added meanwhile: what is noted so far is rolled up below.
LOCK TABLE llm_call_events, tool_call_events IN SHARE MODE;

CREATE TABLE "model_rollups_daily" (
  "day" DATE NOT NULL,
  "model" TEXT NOT NULL,
  "model_alias" TEXT NOT NULL,
  "calls" INTEGER NOT NULL,
  "failed_calls" INTEGER NOT NULL,
  "prompt_tokens" BIGINT NOT NULL,
  "completion_tokens" BIGINT NOT NULL,
  "cached_tokens" BIGINT NOT NULL,
  "total_tokens" BIGINT NOT NULL,
  "provider_cost_usd" DECIMAL(18,9) NOT NULL,
  "credits_burned" BIGINT NOT NULL,
  CONSTRAINT "model_rollups_daily_pkey" PRIMARY KEY ("day", "model", "model_alias")
);

CREATE TABLE "user_rollups_daily" (
  "day" DATE NOT NULL,
  "user_id" UUID NOT NULL,
  "calls" INTEGER NOT NULL,
  "failed_calls" INTEGER NOT NULL,
  "prompt_tokens" BIGINT NOT NULL,
  "completion_tokens" BIGINT NOT NULL,
  "cached_tokens" BIGINT NOT NULL,
  "total_tokens" BIGINT NOT NULL,
  "provider_cost_usd" DECIMAL(18,9) NOT NULL,
  "credits_burned" BIGINT NOT NULL,
  CONSTRAINT "user_rollups_daily_pkey" PRIMARY KEY ("day", "user_id")
);
CREATE INDEX "user_rollups_daily_user_id_day_idx" ON "user_rollups_daily"("user_id", "day");

CREATE TABLE "user_rollups_monthly" (
  "month" DATE NOT NULL,
  "user_id" UUID NOT NULL,
  "calls" INTEGER NOT NULL,
  "failed_calls" INTEGER NOT NULL,
  "prompt_tokens" BIGINT NOT NULL,
  "completion_tokens" BIGINT NOT NULL,
  "cached_tokens" BIGINT NOT NULL,
  "total_tokens" BIGINT NOT NULL,
  "provider_cost_usd" DECIMAL(18,9) NOT NULL,
  "credits_burned" BIGINT NOT NULL,
  CONSTRAINT "user_rollups_monthly_pkey" PRIMARY KEY ("month", "user_id")
);
CREATE INDEX "user_rollups_monthly_user_id_month_idx" ON "user_rollups_monthly"("user_id", "month");
CREATE INDEX "usage_rollups_monthly_user_id_month_idx" ON "usage_rollups_monthly"("user_id", "month");

CREATE TABLE "failure_rollups_daily" (
  "day" DATE NOT NULL,
  "provider" TEXT NOT NULL,
  "model_alias" TEXT NOT NULL,
  "error_code" TEXT NOT NULL,
  "calls" INTEGER NOT NULL,
  CONSTRAINT "failure_rollups_daily_pkey" PRIMARY KEY ("day", "provider", "model_alias", "error_code")
);

CREATE TABLE "tool_rollups_daily" (
  "day" DATE NOT NULL,
  "tool" TEXT NOT NULL,
  "calls" INTEGER NOT NULL,
  "credits_burned" BIGINT NOT NULL,
  CONSTRAINT "tool_rollups_daily_pkey" PRIMARY KEY ("day", "tool")
);

CREATE TABLE "latency_rollups_monthly" (
  "month" DATE NOT NULL,
  "model_alias" TEXT NOT NULL,
  "measure" TEXT NOT NULL,
  "bucket" INTEGER NOT NULL,
  "calls" INTEGER NOT NULL,
  CONSTRAINT "latency_rollups_monthly_pkey" PRIMARY KEY ("month", "model_alias", "measure", "bucket"),
  CONSTRAINT "latency_rollups_monthly_measure_check" CHECK ("measure" IN ('total', 'first_token'))
);

-- Who had a model called on the day, in the 7 and in the 30 days up to it. A day without a row is one with nobody in its window.
CREATE TABLE "active_users_daily" (
  "day" DATE NOT NULL,
  "dau" INTEGER NOT NULL,
  "wau" INTEGER NOT NULL,
  "mau" INTEGER NOT NULL,
  CONSTRAINT "active_users_daily_pkey" PRIMARY KEY ("day")
);

-- -------------------------------------------------------------------------------------------------------------- notes

-- Each call is noted by itself, in the transaction that adds it: the rollups hold every call that has no note, and a report
-- adds those that have one. (The process before this version reads the noted days from the raw rows: as right, and slower.)
ALTER TABLE "usage_rollup_pending" ADD COLUMN "call_id" UUID, ADD COLUMN "tool_call_id" UUID;

CREATE OR REPLACE FUNCTION note_usage_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO usage_rollup_pending (day, call_id) SELECT (created_at AT TIME ZONE 'UTC')::date, id FROM added;
  RETURN NULL;
END $$;

CREATE FUNCTION note_tool_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO usage_rollup_pending (day, tool_call_id) SELECT (created_at AT TIME ZONE 'UTC')::date, id FROM added;
  RETURN NULL;
END $$;
CREATE TRIGGER "tool_call_events_note_day" AFTER INSERT ON "tool_call_events"
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION note_tool_day();

-- ------------------------------------------------------------------------------------------------------------ rollups

-- Counts the active people of each day from p_from to p_to, as far as they are rolled up. Each active day of a person covers the
-- days for which they count, less what their next active day covers anew: one pass over the active days counts all windows.
CREATE FUNCTION count_active_users(p_from date, p_to date)
RETURNS TABLE (day date, dau integer, wau integer, mau integer) LANGUAGE sql STABLE AS $$
  WITH active AS (
    SELECT r.day, r.user_id FROM user_rollups_daily r WHERE r.day BETWEEN p_from - 29 AND p_to),
  gaps AS (SELECT a.day, lead(a.day) OVER (PARTITION BY a.user_id ORDER BY a.day) - a.day AS gap FROM active a),
  lengths AS MATERIALIZED (SELECT g.day, least(g.gap, 30) AS gap, count(*) AS users FROM gaps g GROUP BY 1, 2),
  changes AS (
    SELECT l.day, users AS dau, users AS wau, users AS mau FROM lengths l
    UNION ALL SELECT l.day + 1, -users, 0, 0 FROM lengths l
    UNION ALL SELECT l.day + least(coalesce(gap, 7), 7), 0, -users, 0 FROM lengths l
    UNION ALL SELECT l.day + coalesce(gap, 30), 0, 0, -users FROM lengths l),
  running AS (
    SELECT d::date AS day, sum(coalesce(sum(c.dau), 0)) OVER w AS dau, sum(coalesce(sum(c.wau), 0)) OVER w AS wau,
      sum(coalesce(sum(c.mau), 0)) OVER w AS mau
    FROM generate_series(p_from - 29, p_to, '1 day') d LEFT JOIN changes c ON c.day = d::date
    GROUP BY d WINDOW w AS (ORDER BY d))
  SELECT r.day, r.dau::integer, r.wau::integer, r.mau::integer FROM running r WHERE r.day >= p_from
$$;

-- Makes the short rollups of these days, of their months and of the 30-day windows that they are in, from those by person and
-- model and from the few rows of failures and tools.
CREATE FUNCTION rebuild_short_rollups(p_days date[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_months date[] := ARRAY(SELECT DISTINCT date_trunc('month', day)::date FROM unnest(p_days) day);
BEGIN
  DELETE FROM model_rollups_daily WHERE day = ANY(p_days);
  INSERT INTO model_rollups_daily (day, model, model_alias, calls, failed_calls, prompt_tokens, completion_tokens,
    cached_tokens, total_tokens, provider_cost_usd, credits_burned)
  SELECT day, model, model_alias, sum(calls), sum(failed_calls), sum(prompt_tokens), sum(completion_tokens),
    sum(cached_tokens), sum(total_tokens), sum(provider_cost_usd), sum(credits_burned)
  FROM usage_rollups_daily WHERE day = ANY(p_days) GROUP BY day, model, model_alias;

  DELETE FROM user_rollups_daily WHERE day = ANY(p_days);
  INSERT INTO user_rollups_daily (day, user_id, calls, failed_calls, prompt_tokens, completion_tokens, cached_tokens,
    total_tokens, provider_cost_usd, credits_burned)
  SELECT day, user_id, sum(calls), sum(failed_calls), sum(prompt_tokens), sum(completion_tokens),
    sum(cached_tokens), sum(total_tokens), sum(provider_cost_usd), sum(credits_burned)
  FROM usage_rollups_daily WHERE day = ANY(p_days) GROUP BY day, user_id;

  DELETE FROM user_rollups_monthly WHERE month = ANY(v_months);
  INSERT INTO user_rollups_monthly (month, user_id, calls, failed_calls, prompt_tokens, completion_tokens, cached_tokens,
    total_tokens, provider_cost_usd, credits_burned)
  SELECT month, user_id, sum(calls), sum(failed_calls), sum(prompt_tokens), sum(completion_tokens),
    sum(cached_tokens), sum(total_tokens), sum(provider_cost_usd), sum(credits_burned)
  FROM usage_rollups_monthly WHERE month = ANY(v_months) GROUP BY month, user_id;

  DELETE FROM failure_rollups_daily WHERE day = ANY(p_days);
  INSERT INTO failure_rollups_daily (day, provider, model_alias, error_code, calls)
  SELECT d.day, e.provider, e.model_alias, coalesce(e.error_code, 'unknown'), count(*)
  FROM unnest(p_days) AS d (day)
  JOIN llm_call_events e ON e.created_at >= d.day::timestamp AT TIME ZONE 'UTC' AND e.created_at < (d.day + 1)::timestamp AT TIME ZONE 'UTC'
  WHERE e.status IN ('failed', 'lost')
  GROUP BY 1, 2, 3, 4;

  DELETE FROM tool_rollups_daily WHERE day = ANY(p_days);
  INSERT INTO tool_rollups_daily (day, tool, calls, credits_burned)
  SELECT d.day, t.tool, count(*), sum(t.credits_burned)
  FROM unnest(p_days) AS d (day)
  JOIN tool_call_events t ON t.created_at >= d.day::timestamp AT TIME ZONE 'UTC' AND t.created_at < (d.day + 1)::timestamp AT TIME ZONE 'UTC'
  GROUP BY 1, 2;

  DELETE FROM latency_rollups_monthly WHERE month = ANY(v_months);
  INSERT INTO latency_rollups_monthly (month, model_alias, measure, bucket, calls)
  SELECT m.month, r.model_alias, r.measure, r.bucket, sum(r.calls)
  FROM unnest(v_months) AS m (month)
  JOIN latency_rollups_daily r ON r.day >= m.month AND r.day < m.month + interval '1 month'
  GROUP BY m.month, r.model_alias, r.measure, r.bucket;

  DELETE FROM active_users_daily a USING unnest(p_days) AS d (day) WHERE a.day BETWEEN d.day AND d.day + 29;
  WITH touched AS (SELECT DISTINCT d.day + n AS day FROM unnest(p_days) AS d (day), generate_series(0, 29) n),
  numbered AS (SELECT day, day - row_number() OVER (ORDER BY day)::integer AS stretch FROM touched),
  stretches AS (SELECT min(day) AS first, max(day) AS last FROM numbered GROUP BY stretch)
  INSERT INTO active_users_daily (day, dau, wau, mau)
  SELECT c.day, c.dau, c.wau, c.mau FROM stretches s, count_active_users(s.first, s.last) c WHERE c.mau > 0;
END $$;

-- Rolls up the calls that are noted on up to so many days; true while there is more. The days, their months and windows are made
-- anew from the raw rows, so it is the same however often it is done. It has to see one state of the calls and of their notes.
CREATE FUNCTION roll_up_usage(p_days integer) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  v_days date[];
BEGIN
  IF current_setting('transaction_isolation') <> 'repeatable read' THEN
    RAISE 'roll_up_usage needs a transaction that is REPEATABLE READ';
  END IF;
  WITH taken AS (
    DELETE FROM usage_rollup_pending
    WHERE day IN (SELECT DISTINCT day FROM usage_rollup_pending ORDER BY day LIMIT p_days) RETURNING day)
  SELECT array_agg(DISTINCT day) INTO v_days FROM taken;
  IF v_days IS NULL THEN
    RETURN false;
  END IF;
  PERFORM rebuild_usage_rollups(v_days);
  PERFORM rebuild_short_rollups(v_days);
  RETURN EXISTS (SELECT 1 FROM usage_rollup_pending);
END $$;

-- Asked by processes of the version before: they leave it to the new ones.
CREATE OR REPLACE FUNCTION refresh_usage_rollups(p_days integer) RETURNS boolean LANGUAGE sql AS 'SELECT false';

SELECT rebuild_usage_rollups(ARRAY(SELECT DISTINCT day FROM usage_rollup_pending));
DELETE FROM usage_rollup_pending;
SELECT rebuild_short_rollups(ARRAY(
  SELECT DISTINCT day FROM usage_rollups_daily
  UNION SELECT DISTINCT (created_at AT TIME ZONE 'UTC')::date FROM tool_call_events));
ALTER TABLE "usage_rollup_pending" ADD CONSTRAINT "usage_rollup_pending_call_check" CHECK (num_nonnulls("call_id", "tool_call_id") = 1);
