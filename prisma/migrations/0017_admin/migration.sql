-- What the admin pages need: usage rolled up by day and month, and credits that an owner takes back.

-- ------------------------------------------------------------------------------------------------- which days to do

-- A day is noted here by whatever adds a usage row to it, in the same transaction, so that no row is missed however late
-- it comes or commits. Nothing is unique: two calls at once never wait for each other.
CREATE TABLE "usage_rollup_pending" (
  "id" BIGSERIAL NOT NULL,
  "day" DATE NOT NULL,
  CONSTRAINT "usage_rollup_pending_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "usage_rollup_pending_day_idx" ON "usage_rollup_pending"("day");

CREATE FUNCTION note_usage_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO usage_rollup_pending (day) SELECT DISTINCT (created_at AT TIME ZONE 'UTC')::date FROM added;
  RETURN NULL;
END $$;
CREATE TRIGGER "llm_call_events_note_day" AFTER INSERT ON "llm_call_events"
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION note_usage_day();

INSERT INTO "usage_rollup_pending" ("day") SELECT DISTINCT (created_at AT TIME ZONE 'UTC')::date FROM "llm_call_events";

-- ---------------------------------------------------------------------------------------------------------- rollups

CREATE INDEX "usage_rollups_daily_user_id_day_idx" ON "usage_rollups_daily"("user_id", "day");

-- How many served calls of a model took how long: counts by buckets that grow by a tenth, so that days can be added up
-- and a percentile is right to within 5 %. Bucket b holds what took from 1.1^(b-1) to 1.1^b milliseconds.
CREATE TABLE "latency_rollups_daily" (
  "day" DATE NOT NULL,
  "model_alias" TEXT NOT NULL,
  "measure" TEXT NOT NULL,
  "bucket" INTEGER NOT NULL,
  "calls" INTEGER NOT NULL,
  CONSTRAINT "latency_rollups_daily_pkey" PRIMARY KEY ("day", "model_alias", "measure", "bucket"),
  CONSTRAINT "latency_rollups_daily_measure_check" CHECK ("measure" IN ('total', 'first_token'))
);
CREATE FUNCTION latency_bucket(ms integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT ceil(ln(greatest(ms, 1)::float8) / ln(1.1::float8))::integer
$$;

-- Makes the rollups of these days, and of their months, anew from the raw rows: the same however often it is done.
CREATE FUNCTION rebuild_usage_rollups(p_days date[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_months date[] := ARRAY(SELECT DISTINCT date_trunc('month', day)::date FROM unnest(p_days) day);
BEGIN
  DELETE FROM usage_rollups_daily WHERE day = ANY(p_days);
  INSERT INTO usage_rollups_daily (day, user_id, model, model_alias, calls, failed_calls, prompt_tokens,
    completion_tokens, cached_tokens, total_tokens, provider_cost_usd, credits_burned)
  SELECT d.day, e.user_id, e.model, e.model_alias, count(*), count(*) FILTER (WHERE e.status IN ('failed', 'lost')),
    sum(e.prompt_tokens), sum(e.completion_tokens), sum(e.cached_tokens), sum(e.total_tokens),
    sum(e.provider_cost_usd), sum(e.credits_burned)
  FROM (SELECT DISTINCT unnest(p_days) AS day) d
  JOIN llm_call_events e ON e.created_at >= d.day::timestamp AT TIME ZONE 'UTC' AND e.created_at < (d.day + 1)::timestamp AT TIME ZONE 'UTC'
  GROUP BY d.day, e.user_id, e.model, e.model_alias;

  DELETE FROM latency_rollups_daily WHERE day = ANY(p_days);
  INSERT INTO latency_rollups_daily (day, model_alias, measure, bucket, calls)
  SELECT d.day, e.model_alias, m.measure, latency_bucket(m.ms), count(*)
  FROM (SELECT DISTINCT unnest(p_days) AS day) d
  JOIN llm_call_events e ON e.created_at >= d.day::timestamp AT TIME ZONE 'UTC' AND e.created_at < (d.day + 1)::timestamp AT TIME ZONE 'UTC'
  CROSS JOIN LATERAL (VALUES ('total', e.latency_ms), ('first_token', e.first_token_ms)) m (measure, ms)
  WHERE e.status IN ('ok', 'estimated') AND m.ms IS NOT NULL
  GROUP BY 1, 2, 3, 4;

  DELETE FROM usage_rollups_monthly WHERE month = ANY(v_months);
  INSERT INTO usage_rollups_monthly (month, user_id, model, model_alias, calls, failed_calls, prompt_tokens,
    completion_tokens, cached_tokens, total_tokens, provider_cost_usd, credits_burned)
  SELECT m.month, r.user_id, r.model, r.model_alias, sum(r.calls), sum(r.failed_calls), sum(r.prompt_tokens),
    sum(r.completion_tokens), sum(r.cached_tokens), sum(r.total_tokens), sum(r.provider_cost_usd), sum(r.credits_burned)
  FROM unnest(v_months) AS m (month)
  JOIN usage_rollups_daily r ON r.day >= m.month AND r.day < m.month + interval '1 month'
  GROUP BY m.month, r.user_id, r.model, r.model_alias;
END $$;

-- Does up to so many of the noted days; true while there is more. A row that commits meanwhile leaves its own note.
CREATE FUNCTION refresh_usage_rollups(p_days integer) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  v_days date[];
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('pantheon: usage rollups'));
  WITH taken AS (
    DELETE FROM usage_rollup_pending
    WHERE day IN (SELECT DISTINCT day FROM usage_rollup_pending ORDER BY day LIMIT p_days) RETURNING day)
  SELECT array_agg(DISTINCT day) INTO v_days FROM taken;
  IF v_days IS NULL THEN
    RETURN false;
  END IF;
  PERFORM rebuild_usage_rollups(v_days);
  RETURN EXISTS (SELECT 1 FROM usage_rollup_pending);
END $$;

-- What failed is rare, and what tools cost is little: reports read these rows as they are.
CREATE INDEX "llm_call_events_failed_idx" ON "llm_call_events"("created_at") INCLUDE ("provider", "model_alias", "error_code")
  WHERE "status" IN ('failed', 'lost');
CREATE INDEX "tool_call_events_created_at_idx" ON "tool_call_events"("created_at") INCLUDE ("tool", "credits_burned");

-- ---------------------------------------------------------------------------------------------------------- credits

-- Takes credits back, earliest expiry first, and never more than is there: then nothing changes and it says false.
CREATE FUNCTION take_credits(p_user uuid, p_amount bigint, p_source text, p_note text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  w credit_wallets := lock_wallet(p_user);
  lot record;
  v_left bigint := p_amount;
  v_part bigint;
BEGIN
  IF (SELECT coalesce(sum(available_micro_credits), 0) FROM credit_lots
      WHERE user_id = p_user AND (expires_at IS NULL OR expires_at > now())) < p_amount THEN
    RETURN false;
  END IF;
  FOR lot IN SELECT id, available_micro_credits FROM credit_lots
      WHERE user_id = p_user AND available_micro_credits > 0 AND (expires_at IS NULL OR expires_at > now())
      ORDER BY expires_at NULLS LAST, created_at, id LOOP
    EXIT WHEN v_left = 0;
    v_part := least(v_left, lot.available_micro_credits);
    INSERT INTO credit_transactions (id, user_id, kind, lot_id, available_delta, source_key, idempotency_key, note)
    VALUES (gen_random_uuid(), p_user, 'clawback', lot.id, -v_part, p_source, 'clawback:' || p_source || ':' || lot.id, p_note);
    v_left := v_left - v_part;
  END LOOP;
  RETURN true;
END $$;

