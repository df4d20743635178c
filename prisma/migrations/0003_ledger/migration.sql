-- The ledger. Every balance is the sum of credit_transactions, which only grows; wallets and lots are kept by its trigger
-- and refuse every other hand. Amounts are micro-credits.
--
--   kind          available  held  debt
--   grant            +                    a lot arrives
--   hold             -        +           a turn sets its worst case aside
--   charge                    -           a call of that turn is paid from what was set aside
--   release          +        -           the turn is over; the rest comes back
--   expire           -                    a lot's time is up
--   clawback         -                    a refund or dispute takes a lot back
--   debt                            +     what could not be taken back, or was served beyond the hold
--   repay            -              -     debt is paid by credits that arrive

CREATE TABLE "credit_lots" (
  "id" UUID NOT NULL,
  "user_id" UUID NOT NULL,
  "kind" TEXT NOT NULL,
  -- sub:<id>:<period start>, pi:<payment intent>, signup:<user>, adj:<request>: the same grant twice is one.
  "source_key" TEXT NOT NULL,
  "granted_micro_credits" BIGINT NOT NULL,
  "available_micro_credits" BIGINT NOT NULL DEFAULT 0,
  "held_micro_credits" BIGINT NOT NULL DEFAULT 0,
  "expires_at" TIMESTAMPTZ(3),
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
  CONSTRAINT "credit_lots_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "credit_lots_kind_check" CHECK ("kind" IN ('plan', 'topup', 'signup', 'adjustment')),
  CONSTRAINT "credit_lots_amounts_check"
    CHECK ("granted_micro_credits" > 0 AND "available_micro_credits" >= 0 AND "held_micro_credits" >= 0)
);
CREATE UNIQUE INDEX "credit_lots_source_key_key" ON "credit_lots"("source_key");
CREATE INDEX "credit_lots_user_id_expires_at_idx" ON "credit_lots"("user_id", "expires_at");

-- What a turn has set aside of which lots: a hold pins its lots.
CREATE TABLE "credit_holds" (
  "turn_id" UUID NOT NULL,
  "lot_id" UUID NOT NULL,
  "user_id" UUID NOT NULL,
  "held_micro_credits" BIGINT NOT NULL DEFAULT 0,
  CONSTRAINT "credit_holds_pkey" PRIMARY KEY ("turn_id", "lot_id"),
  CONSTRAINT "credit_holds_amount_check" CHECK ("held_micro_credits" >= 0)
);
CREATE INDEX "credit_holds_user_id_idx" ON "credit_holds"("user_id");

ALTER TABLE "credit_transactions" DROP COLUMN "micro_credits";
ALTER TABLE "credit_transactions"
  ADD COLUMN "available_delta" BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN "held_delta" BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN "debt_delta" BIGINT NOT NULL DEFAULT 0,
  -- The business event behind it, where one event makes several rows.
  ADD COLUMN "source_key" TEXT,
  -- How the balance changes: what is held is still the user's.
  ADD COLUMN "micro_credits" BIGINT GENERATED ALWAYS AS ("available_delta" + "held_delta") STORED,
  ADD CONSTRAINT "credit_transactions_kind_check" CHECK (CASE "kind"
    WHEN 'grant' THEN "available_delta" > 0 AND "held_delta" = 0 AND "debt_delta" = 0 AND "lot_id" IS NOT NULL
    WHEN 'hold' THEN "available_delta" < 0 AND "held_delta" = -"available_delta" AND "debt_delta" = 0 AND "lot_id" IS NOT NULL AND "turn_id" IS NOT NULL
    WHEN 'charge' THEN "available_delta" = 0 AND "held_delta" < 0 AND "debt_delta" = 0 AND "lot_id" IS NOT NULL AND "turn_id" IS NOT NULL
    WHEN 'release' THEN "available_delta" > 0 AND "held_delta" = -"available_delta" AND "debt_delta" = 0 AND "lot_id" IS NOT NULL AND "turn_id" IS NOT NULL
    WHEN 'expire' THEN "available_delta" < 0 AND "held_delta" = 0 AND "debt_delta" = 0 AND "lot_id" IS NOT NULL
    WHEN 'clawback' THEN "available_delta" < 0 AND "held_delta" = 0 AND "debt_delta" = 0 AND "lot_id" IS NOT NULL
    WHEN 'debt' THEN "available_delta" = 0 AND "held_delta" = 0 AND "debt_delta" > 0
    WHEN 'repay' THEN "available_delta" < 0 AND "held_delta" = 0 AND "debt_delta" = "available_delta" AND "lot_id" IS NOT NULL
    ELSE false END);

CREATE INDEX "credit_transactions_call_id_idx" ON "credit_transactions"("call_id") WHERE "call_id" IS NOT NULL;
CREATE INDEX "credit_transactions_source_key_idx" ON "credit_transactions"("source_key") WHERE "source_key" IS NOT NULL;

-- ------------------------------------------------------------------------- the only writer of wallets, lots and holds

CREATE FUNCTION apply_credit_transaction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE credit_wallets SET
    available_micro_credits = available_micro_credits + NEW.available_delta,
    held_micro_credits = held_micro_credits + NEW.held_delta,
    debt_micro_credits = debt_micro_credits + NEW.debt_delta,
    updated_at = now()
  WHERE user_id = NEW.user_id;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'user % has no wallet', NEW.user_id;
  END IF;
  IF NEW.lot_id IS NOT NULL THEN
    UPDATE credit_lots SET
      available_micro_credits = available_micro_credits + NEW.available_delta,
      held_micro_credits = held_micro_credits + NEW.held_delta
    WHERE id = NEW.lot_id AND user_id = NEW.user_id;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'user % has no lot %', NEW.user_id, NEW.lot_id;
    END IF;
  END IF;
  IF NEW.held_delta <> 0 THEN
    UPDATE credit_holds SET held_micro_credits = held_micro_credits + NEW.held_delta
    WHERE turn_id = NEW.turn_id AND lot_id = NEW.lot_id;
    IF NOT FOUND THEN
      INSERT INTO credit_holds (turn_id, lot_id, user_id, held_micro_credits)
      VALUES (NEW.turn_id, NEW.lot_id, NEW.user_id, NEW.held_delta);
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "credit_transactions_apply" AFTER INSERT ON "credit_transactions"
  FOR EACH ROW EXECUTE FUNCTION apply_credit_transaction();

-- Directly under a statement the depth is 1; under the ledger's trigger it is 2.
CREATE FUNCTION only_by_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION '% is kept by the ledger: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER "credit_wallets_only_by_ledger" BEFORE UPDATE OR DELETE ON "credit_wallets"
  FOR EACH ROW EXECUTE FUNCTION only_by_ledger();
CREATE TRIGGER "credit_lots_only_by_ledger" BEFORE UPDATE OR DELETE ON "credit_lots"
  FOR EACH ROW EXECUTE FUNCTION only_by_ledger();
CREATE TRIGGER "credit_holds_only_by_ledger" BEFORE INSERT OR UPDATE OR DELETE ON "credit_holds"
  FOR EACH ROW EXECUTE FUNCTION only_by_ledger();

-- A wallet and a lot begin empty: what is in them comes by a transaction.
CREATE FUNCTION begins_empty() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.available_micro_credits <> 0 OR NEW.held_micro_credits <> 0 THEN
    RAISE EXCEPTION '% begins empty', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "credit_wallets_begin_empty" BEFORE INSERT ON "credit_wallets" FOR EACH ROW EXECUTE FUNCTION begins_empty();
CREATE TRIGGER "credit_lots_begin_empty" BEFORE INSERT ON "credit_lots" FOR EACH ROW EXECUTE FUNCTION begins_empty();
CREATE TRIGGER "credit_wallets_no_truncate" BEFORE TRUNCATE ON "credit_wallets"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "credit_lots_no_truncate" BEFORE TRUNCATE ON "credit_lots"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- --------------------------------------------------------------------------------------------------- the operations
-- Each locks the user's wallet first, so that the operations of one user follow each other, and each is harmless twice.

CREATE FUNCTION lock_wallet(p_user uuid) RETURNS credit_wallets LANGUAGE plpgsql AS $$
DECLARE w credit_wallets;
BEGIN
  SELECT * INTO w FROM credit_wallets WHERE user_id = p_user FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO credit_wallets (user_id) VALUES (p_user) ON CONFLICT (user_id) DO NOTHING;
    SELECT * INTO w FROM credit_wallets WHERE user_id = p_user FOR UPDATE;
  END IF;
  RETURN w;
END $$;

-- Pays what debt there is from what is available, earliest expiry first. p_key names the occasion.
CREATE FUNCTION pay_debt(p_user uuid, p_key text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  lot record;
  v_part bigint;
  v_left bigint := (SELECT debt_micro_credits FROM credit_wallets WHERE user_id = p_user);
BEGIN
  IF v_left = 0 THEN
    RETURN;
  END IF;
  FOR lot IN SELECT id, available_micro_credits FROM credit_lots
      WHERE user_id = p_user AND available_micro_credits > 0 AND (expires_at IS NULL OR expires_at > now())
      ORDER BY expires_at NULLS LAST, created_at, id LOOP
    EXIT WHEN v_left = 0;
    v_part := least(v_left, lot.available_micro_credits);
    INSERT INTO credit_transactions (id, user_id, kind, lot_id, available_delta, debt_delta, idempotency_key)
    VALUES (gen_random_uuid(), p_user, 'repay', lot.id, -v_part, -v_part, 'repay:' || p_key || ':' || lot.id);
    v_left := v_left - v_part;
  END LOOP;
END $$;

-- A new lot; debt is paid from it at once. False: this source was granted before, and nothing changes.
CREATE FUNCTION grant_credits(
  p_lot uuid, p_user uuid, p_kind text, p_source text, p_amount bigint, p_expires timestamptz, p_note text
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  w credit_wallets := lock_wallet(p_user);
BEGIN
  INSERT INTO credit_lots (id, user_id, kind, source_key, granted_micro_credits, expires_at)
  VALUES (p_lot, p_user, p_kind, p_source, p_amount, p_expires) ON CONFLICT (source_key) DO NOTHING;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO credit_transactions (id, user_id, kind, lot_id, available_delta, idempotency_key, note)
  VALUES (gen_random_uuid(), p_user, 'grant', p_lot, p_amount, 'grant:' || p_source, p_note);
  PERFORM pay_debt(p_user, 'grant:' || p_source);
  RETURN true;
END $$;

-- Sets p_amount aside for a turn, earliest expiry first. False: the available credits don't reach, or there is debt;
-- nothing changes. What has expired counts for nothing, even before the job that books it has come by.
CREATE FUNCTION hold_credits(p_user uuid, p_turn uuid, p_amount bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  w credit_wallets := lock_wallet(p_user);
  lot record;
  v_left bigint := p_amount;
  v_part bigint;
BEGIN
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

-- Pays for a call from its turn's hold, earliest expiry first; what the hold doesn't cover is debt, never clamped away.
-- Returns what is left of the hold. A call is charged once, however often this is asked.
CREATE FUNCTION charge_call(p_user uuid, p_turn uuid, p_call uuid, p_amount bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  w credit_wallets := lock_wallet(p_user);
  held record;
  v_left bigint := p_amount;
  v_part bigint;
BEGIN
  IF p_amount > 0 AND NOT EXISTS (SELECT 1 FROM credit_transactions WHERE call_id = p_call) THEN
    FOR held IN SELECT h.lot_id, h.held_micro_credits FROM credit_holds h JOIN credit_lots l ON l.id = h.lot_id
        WHERE h.turn_id = p_turn AND h.held_micro_credits > 0 ORDER BY l.expires_at NULLS LAST, l.created_at, l.id LOOP
      EXIT WHEN v_left = 0;
      v_part := least(v_left, held.held_micro_credits);
      INSERT INTO credit_transactions (id, user_id, kind, lot_id, turn_id, call_id, held_delta, idempotency_key)
      VALUES (gen_random_uuid(), p_user, 'charge', held.lot_id, p_turn, p_call, -v_part, 'charge:' || p_call || ':' || held.lot_id);
      v_left := v_left - v_part;
    END LOOP;
    IF v_left > 0 THEN
      INSERT INTO credit_transactions (id, user_id, kind, turn_id, call_id, debt_delta, idempotency_key, note)
      VALUES (gen_random_uuid(), p_user, 'debt', p_turn, p_call, v_left, 'charge:' || p_call || ':debt', 'served beyond the hold');
      PERFORM pay_debt(p_user, 'charge:' || p_call);
    END IF;
  END IF;
  RETURN (SELECT coalesce(sum(held_micro_credits), 0) FROM credit_holds WHERE turn_id = p_turn);
END $$;

-- Gives back what a turn has not spent. What comes back to a lot whose time was up meanwhile expires at once; what comes
-- back while there is debt pays it. Returns what was given back.
CREATE FUNCTION release_hold(p_user uuid, p_turn uuid) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  w credit_wallets := lock_wallet(p_user);
  held record;
  v_sum bigint := 0;
BEGIN
  FOR held IN SELECT h.lot_id, h.held_micro_credits, l.expires_at FROM credit_holds h JOIN credit_lots l ON l.id = h.lot_id
      WHERE h.turn_id = p_turn AND h.held_micro_credits > 0 ORDER BY l.expires_at NULLS LAST, l.created_at, l.id LOOP
    INSERT INTO credit_transactions (id, user_id, kind, lot_id, turn_id, available_delta, held_delta, idempotency_key)
    VALUES (gen_random_uuid(), p_user, 'release', held.lot_id, p_turn, held.held_micro_credits, -held.held_micro_credits,
      'release:' || p_turn || ':' || held.lot_id);
    v_sum := v_sum + held.held_micro_credits;
    IF held.expires_at <= now() THEN
      INSERT INTO credit_transactions (id, user_id, kind, lot_id, turn_id, available_delta, idempotency_key)
      VALUES (gen_random_uuid(), p_user, 'expire', held.lot_id, p_turn, -held.held_micro_credits,
        'expire:' || held.lot_id || ':' || p_turn);
    END IF;
  END LOOP;
  PERFORM pay_debt(p_user, 'release:' || p_turn);
  RETURN v_sum;
END $$;

-- Books the expiry of lots whose time is up; what is held of them stays with its turn until that is over.
CREATE FUNCTION expire_credits(p_user uuid) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  w credit_wallets := lock_wallet(p_user);
  lot record;
  v_sum bigint := 0;
BEGIN
  FOR lot IN SELECT id, available_micro_credits FROM credit_lots
      WHERE user_id = p_user AND available_micro_credits > 0 AND expires_at <= now() LOOP
    INSERT INTO credit_transactions (id, user_id, kind, lot_id, available_delta, idempotency_key)
    VALUES (gen_random_uuid(), p_user, 'expire', lot.id, -lot.available_micro_credits,
      'expire:' || lot.id || ':' || gen_random_uuid());
    v_sum := v_sum + lot.available_micro_credits;
  END LOOP;
  RETURN v_sum;
END $$;

-- Takes p_amount of a lot back (refund, dispute): from that lot first, then from the user's other credits; what can't be
-- taken is debt. p_source names the business event; the same again changes nothing and returns false.
CREATE FUNCTION claw_back_credits(p_user uuid, p_lot uuid, p_amount bigint, p_source text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  w credit_wallets := lock_wallet(p_user);
  lot record;
  v_left bigint := p_amount;
  v_part bigint;
BEGIN
  IF EXISTS (SELECT 1 FROM credit_transactions WHERE source_key = p_source) THEN
    RETURN false;
  END IF;
  FOR lot IN SELECT id, available_micro_credits FROM credit_lots
      WHERE user_id = p_user AND available_micro_credits > 0 AND (expires_at IS NULL OR expires_at > now())
      ORDER BY (id = p_lot) DESC, expires_at NULLS LAST, created_at, id LOOP
    EXIT WHEN v_left = 0;
    v_part := least(v_left, lot.available_micro_credits);
    INSERT INTO credit_transactions (id, user_id, kind, lot_id, available_delta, source_key, idempotency_key)
    VALUES (gen_random_uuid(), p_user, 'clawback', lot.id, -v_part, p_source, 'clawback:' || p_source || ':' || lot.id);
    v_left := v_left - v_part;
  END LOOP;
  IF v_left > 0 THEN
    INSERT INTO credit_transactions (id, user_id, kind, debt_delta, source_key, idempotency_key, note)
    VALUES (gen_random_uuid(), p_user, 'debt', v_left, p_source, 'clawback:' || p_source || ':debt', 'could not be taken back');
  END IF;
  RETURN true;
END $$;
