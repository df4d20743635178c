-- What is deleted is gone after its days of grace, and can't come back: docs/retention.md.

ALTER TABLE "rooms" ADD COLUMN "keep" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "rooms" ADD COLUMN "retention_warned_at" TIMESTAMPTZ(3);
ALTER TABLE "direct_sessions" ADD COLUMN "keep" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "direct_sessions" ADD COLUMN "retention_warned_at" TIMESTAMPTZ(3);
ALTER TABLE "users" ADD COLUMN "purged_at" TIMESTAMPTZ(3);

-- The work of purging, one row a piece: what is due, what was done, what failed. Ids and numbers, never content.
CREATE TABLE "purges" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "subject_id" UUID NOT NULL,
    "user_id" UUID,
    "reason" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'due',
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "counts" JSONB NOT NULL DEFAULT '{}',
    "error" TEXT,
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    "next_try_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "purges_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "purges_kind_check"
      CHECK ("kind" IN ('account', 'room', 'direct_session', 'file', 'message', 'agent', 'old_content')),
    CONSTRAINT "purges_reason_check" CHECK ("reason" IN ('deleted', 'retention')),
    CONSTRAINT "purges_state_check" CHECK ("state" IN ('due', 'running', 'failed', 'done'))
);
CREATE UNIQUE INDEX "purges_open_key" ON "purges" ("kind", "subject_id") WHERE "state" <> 'done';
CREATE INDEX "purges_finished_at_idx" ON "purges" ("finished_at");

-- What was purged, by id: late writes are refused, and a restored backup is purged again. storage_key only of files.
CREATE TABLE "tombstones" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "storage_key" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT "tombstones_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "tombstones_kind_check"
      CHECK ("kind" IN ('account', 'room', 'direct_session', 'file', 'message', 'agent', 'turn'))
);

-- What waits for its purge is found without a walk over what doesn't.
CREATE INDEX "rooms_deleted_idx" ON "rooms" ("deleted_at") WHERE "deleted_at" IS NOT NULL;
CREATE INDEX "direct_sessions_deleted_idx" ON "direct_sessions" ("deleted_at") WHERE "deleted_at" IS NOT NULL;
CREATE INDEX "room_agents_deleted_idx" ON "room_agents" ("deleted_at") WHERE "deleted_at" IS NOT NULL;
CREATE INDEX "files_deleted_idx" ON "files" ("deleted_at") WHERE "deleted_at" IS NOT NULL;
CREATE INDEX "messages_deleted_idx" ON "messages" ("deleted_at") WHERE "deleted_at" IS NOT NULL AND "content" <> '';
CREATE INDEX "users_deleted_idx" ON "users" ("deleted_at") WHERE "deleted_at" IS NOT NULL;

-- Rows that no foreign key ties to what they belong to. The key-share lock is what a foreign key takes: a purge that is
-- under way is waited for, and one that comes later waits.
CREATE FUNCTION assert_turn_not_purged(p_turn uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM public.turns WHERE id = p_turn FOR KEY SHARE;
  IF NOT FOUND AND EXISTS (SELECT 1 FROM public.tombstones WHERE id = p_turn) THEN
    RAISE EXCEPTION 'turn % was purged', p_turn USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'purged';
  END IF;
END $$;

-- For LangGraph's tables, where prisma/migrate.ts sets it. Threads of Studio and of tests are no turns.
CREATE FUNCTION refuse_purged_thread() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.thread_id ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' THEN
    PERFORM public.assert_turn_not_purged(NEW.thread_id::uuid);
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION refuse_purged_summary() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM assert_turn_not_purged(NEW.through_turn_id);
  RETURN NEW;
END $$;
CREATE TRIGGER "context_summaries_purged" BEFORE INSERT ON "context_summaries"
  FOR EACH ROW EXECUTE FUNCTION refuse_purged_summary();

CREATE FUNCTION refuse_purged_home() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  v_row jsonb := to_jsonb(NEW);
  v_home uuid := coalesce(v_row->>'room_id', v_row->>'direct_session_id', v_row->>'user_id')::uuid;
BEGIN
  IF EXISTS (SELECT 1 FROM tombstones WHERE id IN (v_home, NEW.id)) THEN
    RAISE EXCEPTION '% was purged', v_home USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'purged';
  END IF;
  RETURN NEW;
END $$;
-- The files' quota trigger locks the home's row before this one looks (triggers run in the order of their names).
CREATE TRIGGER "files_refuse_purged" BEFORE INSERT ON "files" FOR EACH ROW EXECUTE FUNCTION refuse_purged_home();
CREATE TRIGGER "sessions_refuse_purged" BEFORE INSERT ON "sessions" FOR EACH ROW EXECUTE FUNCTION refuse_purged_home();
CREATE TRIGGER "api_keys_refuse_purged" BEFORE INSERT ON "api_keys" FOR EACH ROW EXECUTE FUNCTION refuse_purged_home();

CREATE FUNCTION refuse_purged_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the account was purged' USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'purged';
END $$;
CREATE TRIGGER "users_refuse_purged" BEFORE UPDATE ON "users" FOR EACH ROW WHEN (OLD.purged_at IS NOT NULL)
  EXECUTE FUNCTION refuse_purged_user();
