-- Sets a turn's worst case aside if the monthly cap and the credits allow it, and changes nothing if they don't, so that the
-- statement that writes the turn can ask for it, and its commit can be sent behind it. hold_for_turn, which holds first and
-- asks then, is what the version before calls while both run side by side.
--   passed_cap: the cap that would be passed; available, debt: what is there, where that is why nothing is held.
CREATE FUNCTION hold_if_covered(
  p_user uuid, p_turn uuid, p_amount bigint, OUT held boolean, OUT passed_cap bigint, OUT available bigint, OUT debt bigint
) LANGUAGE plpgsql AS $$
DECLARE
  w credit_wallets := lock_wallet(p_user);
  v_cap bigint := (SELECT u.monthly_cap_micro_credits FROM users u WHERE u.id = p_user);
BEGIN
  IF v_cap IS NOT NULL AND v_cap < w.held_micro_credits + p_amount + (
      SELECT coalesce(-sum(t.held_delta), 0) FROM credit_transactions t
      WHERE t.user_id = p_user AND t.kind = 'charge' AND t.created_at >= date_trunc('month', now())) THEN
    held := false;
    passed_cap := v_cap;
    RETURN;
  END IF;
  held := hold_credits(p_user, p_turn, p_amount);
  IF NOT held THEN
    debt := w.debt_micro_credits;
    available := (SELECT coalesce(sum(l.available_micro_credits), 0) FROM credit_lots l
      WHERE l.user_id = p_user AND (l.expires_at IS NULL OR l.expires_at > now()));
  END IF;
END $$;
