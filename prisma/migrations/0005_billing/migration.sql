-- Billing: what is known of Stripe, prices that can't be changed afterwards, daily cost checks.
-- Stripe's objects are re-fetched, never stored: these tables hold ids and what was done about them.

CREATE TABLE "stripe_customers" (
  "user_id" UUID NOT NULL,
  "stripe_customer_id" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "stripe_customers_pkey" PRIMARY KEY ("user_id")
);
CREATE UNIQUE INDEX "stripe_customers_stripe_customer_id_key" ON "stripe_customers"("stripe_customer_id");

CREATE TABLE "stripe_events" (
  "id" TEXT NOT NULL,
  "type" TEXT NOT NULL,
  "subject_kind" TEXT NOT NULL,
  "subject_id" TEXT NOT NULL,
  "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "applied_at" TIMESTAMPTZ(3),
  CONSTRAINT "stripe_events_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "stripe_events_subject_kind_check" CHECK ("subject_kind" IN ('subscription', 'invoice', 'checkout', 'payment'))
);
CREATE INDEX "stripe_events_subject_id_idx" ON "stripe_events"("subject_id");

CREATE TABLE "stripe_requests" (
  "idempotency_key" TEXT NOT NULL,
  "user_id" UUID NOT NULL,
  "kind" TEXT NOT NULL,
  "subject" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "stripe_requests_pkey" PRIMARY KEY ("idempotency_key"),
  CONSTRAINT "stripe_requests_kind_check" CHECK ("kind" IN ('customer', 'checkout', 'portal'))
);
CREATE INDEX "stripe_requests_user_id_created_at_idx" ON "stripe_requests"("user_id", "created_at");

CREATE TABLE "stripe_payments" (
  "payment_intent_id" TEXT NOT NULL,
  "user_id" UUID NOT NULL,
  "lot_source_key" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "stripe_payments_pkey" PRIMARY KEY ("payment_intent_id")
);

-- Answers are applied in the order in which they were asked for: a slow one can't undo a newer one.
CREATE SEQUENCE "stripe_sync_tickets";
ALTER TABLE "subscriptions" ADD COLUMN "sync_ticket" BIGINT NOT NULL DEFAULT 0;

CREATE TABLE "cost_reconciliations" (
  "day" DATE NOT NULL,
  "provider" TEXT NOT NULL,
  "model_alias" TEXT NOT NULL,
  "model" TEXT NOT NULL,
  "calls" INTEGER NOT NULL,
  "asked_calls" INTEGER NOT NULL,
  "priced_usd" DECIMAL(18,9) NOT NULL,
  "reported_usd" DECIMAL(18,9) NOT NULL,
  "drift" DOUBLE PRECISION NOT NULL,
  "flagged" BOOLEAN NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "cost_reconciliations_pkey" PRIMARY KEY ("day", "provider", "model_alias", "model")
);

-- ------------------------------------------------------------------------------------------- prices stay as they were

ALTER TABLE "model_pricing"
  ADD CONSTRAINT "model_pricing_price_check"
    CHECK ("free" OR ("input_usd_per_m" > 0 AND "cached_usd_per_m" > 0 AND "output_usd_per_m" > 0)),
  ADD CONSTRAINT "model_pricing_multiplier_check" CHECK ("multiplier" > 0),
  ADD CONSTRAINT "model_pricing_tokens_check" CHECK ("context_tokens" > 0 AND "max_output_tokens" > 0);

CREATE FUNCTION refuse_effective_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.effective_at <= now() THEN
    RAISE EXCEPTION 'pricing version % is in effect: % refused', OLD.id, TG_OP USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER "pricing_versions_immutable" BEFORE UPDATE OR DELETE ON "pricing_versions"
  FOR EACH ROW EXECUTE FUNCTION refuse_effective_version();

-- A version that a turn was priced with gains no model either.
CREATE FUNCTION refuse_effective_price() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v_version integer := CASE WHEN TG_OP = 'INSERT' THEN NEW.pricing_version_id ELSE OLD.pricing_version_id END;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF EXISTS (SELECT 1 FROM turns WHERE pricing_version_id = v_version) THEN
      RAISE EXCEPTION 'pricing version % is in use: % refused', v_version, TG_OP USING ERRCODE = 'insufficient_privilege';
    END IF;
  ELSIF EXISTS (SELECT 1 FROM pricing_versions v WHERE v.id = v_version AND v.effective_at <= now()) THEN
    RAISE EXCEPTION 'pricing version % is in effect: % refused', v_version, TG_OP USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER "model_pricing_immutable" BEFORE INSERT OR UPDATE OR DELETE ON "model_pricing"
  FOR EACH ROW EXECUTE FUNCTION refuse_effective_price();
CREATE TRIGGER "pricing_versions_no_truncate" BEFORE TRUNCATE ON "pricing_versions"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "model_pricing_no_truncate" BEFORE TRUNCATE ON "model_pricing"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- --------------------------------------------------------------------------------------------------- usage makes sense

ALTER TABLE "llm_call_events" ADD CONSTRAINT "llm_call_events_sense_check" CHECK (
  "prompt_tokens" >= 0 AND "completion_tokens" >= 0 AND "cached_tokens" BETWEEN 0 AND "prompt_tokens"
  AND "total_tokens" >= 0 AND "provider_cost_usd" >= 0 AND "credits_burned" >= 0);
ALTER TABLE "tool_call_events" ADD CONSTRAINT "tool_call_events_sense_check" CHECK ("units" >= 0 AND "credits_burned" >= 0);

-- ------------------------------------------------------------------------------------ a hold, once, however often asked

CREATE OR REPLACE FUNCTION hold_credits(p_user uuid, p_turn uuid, p_amount bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  w credit_wallets := lock_wallet(p_user);
  lot record;
  v_left bigint := p_amount;
  v_part bigint;
BEGIN
  IF EXISTS (SELECT 1 FROM credit_transactions WHERE turn_id = p_turn AND kind = 'hold') THEN
    RETURN true;
  END IF;
  IF w.debt_micro_credits > 0 THEN
    RETURN false;
  END IF;
  IF (SELECT coalesce(sum(available_micro_credits), 0) FROM credit_lots
      WHERE user_id = p_user AND available_micro_credits > 0 AND (expires_at IS NULL OR expires_at > now())) < p_amount THEN
    RETURN false;
  END IF;
  FOR lot IN SELECT id, available_micro_credits FROM credit_lots
      WHERE user_id = p_user AND available_micro_credits > 0 AND (expires_at IS NULL OR expires_at > now())
      ORDER BY expires_at NULLS LAST, created_at, id LOOP
    EXIT WHEN v_left = 0;
    v_part := least(v_left, lot.available_micro_credits);
    INSERT INTO credit_transactions (id, user_id, kind, lot_id, turn_id, available_delta, held_delta, idempotency_key)
    VALUES (gen_random_uuid(), p_user, 'hold', lot.id, p_turn, -v_part, v_part, 'hold:' || p_turn || ':' || lot.id);
    v_left := v_left - v_part;
  END LOOP;
  RETURN true;
END $$;
