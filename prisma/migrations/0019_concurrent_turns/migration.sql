-- How many turns of one user run at once, by plan; without a plan Starter's. More wait.
ALTER TABLE "plans" ADD COLUMN "concurrent_turns" INTEGER NOT NULL DEFAULT 50;
ALTER TABLE "plans" ADD CONSTRAINT "plans_concurrent_turns_check" CHECK ("concurrent_turns" > 0);
UPDATE "plans" SET "concurrent_turns" = 100 WHERE "id" = 'pro';
UPDATE "plans" SET "concurrent_turns" = 200 WHERE "id" = 'power';

CREATE INDEX "turns_running_idx" ON "turns" ("user_id") WHERE "status" = 'running';

-- Whether another turn of this user may start now, with at most p_most running in all. Claims of one user follow each other
-- until they commit, and near the limit in all so do everybody's: the limits are exact. Each statement in here sees what has
-- committed by then, which the claim's own snapshot doesn't.
CREATE FUNCTION turn_may_start(p_user uuid, p_most int) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  v_most int;
  v_running int;
BEGIN
  PERFORM pg_advisory_xact_lock(7265472, hashtext(p_user::text));
  SELECT p.concurrent_turns INTO v_most FROM plans p WHERE p.id = coalesce(
    (SELECT s.plan_id FROM subscriptions s WHERE s.user_id = p_user AND s.status IN ('active', 'trialing')
       AND (s.current_period_end IS NULL OR s.current_period_end > now())
     ORDER BY s.current_period_end DESC NULLS LAST LIMIT 1), 'starter');
  IF (SELECT count(*) FROM turns WHERE user_id = p_user AND status = 'running') >= v_most THEN
    RETURN false;
  END IF;
  SELECT count(*) INTO v_running FROM turns WHERE status = 'running';
  IF v_running >= p_most - 32 THEN
    PERFORM pg_advisory_xact_lock(7265473, 0);
    SELECT count(*) INTO v_running FROM turns WHERE status = 'running';
  END IF;
  RETURN v_running < p_most;
END $$;
