-- Who costs most with which model is found from rows that are as short as can be: a number for each pair of a person and a model,
-- and what it cost in a day, a month and a year. A year of many people is ranked from some ten thousand of them.

-- No job rolls up meanwhile, and the next one sees the new functions.
SELECT pg_advisory_xact_lock(hashtext('pantheon: usage rollups'));

-- A pair keeps its number, so that rollups made anew are the same.
CREATE TABLE "usage_pairs" (
  "id" SERIAL NOT NULL,
  "user_id" UUID NOT NULL,
  "model" TEXT NOT NULL,
  "model_alias" TEXT NOT NULL,
  CONSTRAINT "usage_pairs_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "usage_pairs_user_id_model_model_alias_key" ON "usage_pairs"("user_id", "model", "model_alias");

-- Cost in 10⁻⁹ USD: whole numbers, as exact as the calls' own nine decimals and quicker to add up.
CREATE TABLE "pair_rollups_daily" (
  "day" DATE NOT NULL,
  "pair_id" INTEGER NOT NULL,
  "calls" INTEGER NOT NULL,
  "total_tokens" BIGINT NOT NULL,
  "cost_nano_usd" BIGINT NOT NULL,
  CONSTRAINT "pair_rollups_daily_pkey" PRIMARY KEY ("day", "pair_id")
);
CREATE TABLE "pair_rollups_monthly" (
  "month" DATE NOT NULL,
  "pair_id" INTEGER NOT NULL,
  "calls" INTEGER NOT NULL,
  "total_tokens" BIGINT NOT NULL,
  "cost_nano_usd" BIGINT NOT NULL,
  CONSTRAINT "pair_rollups_monthly_pkey" PRIMARY KEY ("month", "pair_id")
);
CREATE TABLE "pair_rollups_yearly" (
  "year" DATE NOT NULL,
  "pair_id" INTEGER NOT NULL,
  "calls" INTEGER NOT NULL,
  "total_tokens" BIGINT NOT NULL,
  "cost_nano_usd" BIGINT NOT NULL,
  CONSTRAINT "pair_rollups_yearly_pkey" PRIMARY KEY ("year", "pair_id")
);

-- Makes the pairs' rollups of these days, and of their months and years, anew from those by person and model. One at a time: the
-- job holds its lock.
CREATE FUNCTION rebuild_pair_rollups(p_days date[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_months date[] := ARRAY(SELECT DISTINCT date_trunc('month', day)::date FROM unnest(p_days) day);
  v_years date[] := ARRAY(SELECT DISTINCT date_trunc('year', day)::date FROM unnest(p_days) day);
BEGIN
  INSERT INTO usage_pairs (user_id, model, model_alias)
  SELECT DISTINCT r.user_id, r.model, r.model_alias
  FROM usage_rollups_daily r LEFT JOIN usage_pairs p USING (user_id, model, model_alias)
  WHERE r.day = ANY(p_days) AND p.id IS NULL;

  DELETE FROM pair_rollups_daily WHERE day = ANY(p_days);
  INSERT INTO pair_rollups_daily (day, pair_id, calls, total_tokens, cost_nano_usd)
  SELECT r.day, p.id, r.calls, r.total_tokens, (r.provider_cost_usd * 1000000000)::bigint
  FROM usage_rollups_daily r JOIN usage_pairs p USING (user_id, model, model_alias)
  WHERE r.day = ANY(p_days);

  DELETE FROM pair_rollups_monthly WHERE month = ANY(v_months);
  INSERT INTO pair_rollups_monthly (month, pair_id, calls, total_tokens, cost_nano_usd)
  SELECT m.month, r.pair_id, sum(r.calls), sum(r.total_tokens), sum(r.cost_nano_usd)
  FROM unnest(v_months) AS m (month)
  JOIN pair_rollups_daily r ON r.day >= m.month AND r.day < m.month + interval '1 month'
  GROUP BY m.month, r.pair_id;

  DELETE FROM pair_rollups_yearly WHERE year = ANY(v_years);
  INSERT INTO pair_rollups_yearly (year, pair_id, calls, total_tokens, cost_nano_usd)
  SELECT y.year, r.pair_id, sum(r.calls), sum(r.total_tokens), sum(r.cost_nano_usd)
  FROM unnest(v_years) AS y (year)
  JOIN pair_rollups_monthly r ON r.month >= y.year AND r.month < y.year + interval '1 year'
  GROUP BY y.year, r.pair_id;
END $$;

-- As before (0025), and the pairs.
CREATE OR REPLACE FUNCTION roll_up_usage(p_days integer) RETURNS boolean LANGUAGE plpgsql AS $$
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
  PERFORM rebuild_pair_rollups(v_days);
  RETURN EXISTS (SELECT 1 FROM usage_rollup_pending);
END $$;

SELECT rebuild_pair_rollups(ARRAY(SELECT DISTINCT day FROM usage_rollups_daily));
