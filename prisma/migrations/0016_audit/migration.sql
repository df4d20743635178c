-- The audit log is a chain: each row carries the hash of the row before it, so that a row that was changed, removed or
-- slipped in by somebody who got past the append-only trigger is found by `npm run audit:verify`.

ALTER TABLE "admin_audit_logs"
  ALTER COLUMN "prev_hash" SET NOT NULL,
  ALTER COLUMN "hash" SET NOT NULL;
CREATE INDEX "admin_audit_logs_action_seq_idx" ON "admin_audit_logs"("action", "seq");

-- What a row's hash covers: everything in it, and the hash before it. Time as microseconds, whatever the session's zone.
CREATE FUNCTION audit_hash(r admin_audit_logs) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(jsonb_build_array(
    r.seq, r.id, r.actor_id, r.action, r.target_type, r.target_id, r.before, r.after, r.request_id, r.prev_hash,
    (extract(epoch FROM r.created_at) * 1000000)::bigint)::text, 'UTF8')), 'hex')
$$;

-- One at a time, until the writer's transaction ends: the chain has no fork and its numbers no gap. Write it last.
CREATE FUNCTION chain_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  last record;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('pantheon: audit chain'));
  SELECT seq, hash INTO last FROM admin_audit_logs ORDER BY seq DESC LIMIT 1;
  NEW.seq := coalesce(last.seq, 0) + 1;
  NEW.prev_hash := coalesce(last.hash, repeat('0', 64));
  NEW.created_at := date_trunc('milliseconds', clock_timestamp());
  NEW.hash := audit_hash(NEW);
  RETURN NEW;
END $$;
CREATE TRIGGER "admin_audit_logs_chain" BEFORE INSERT ON "admin_audit_logs"
  FOR EACH ROW EXECUTE FUNCTION chain_audit_log();
