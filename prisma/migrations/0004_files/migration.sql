-- What a file says, page by page, as agents read and search it; and the sources that a step's text cites.

ALTER TABLE "files" ADD COLUMN "details" JSONB;
ALTER TABLE "turn_steps" ADD COLUMN "citations" JSONB NOT NULL DEFAULT '[]';

-- A page of a PDF, a section of a document, a run of rows of a table. Two configurations: words as they are, for any
-- language and for names, and English stems.
CREATE TABLE "file_pages" (
    "file_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "title" TEXT NOT NULL DEFAULT '',
    "content" TEXT NOT NULL,
    "search" TSVECTOR GENERATED ALWAYS AS (
        setweight(to_tsvector('simple'::regconfig, "title"), 'A') || to_tsvector('simple'::regconfig, "content")
        || to_tsvector('english'::regconfig, "content")) STORED,

    CONSTRAINT "file_pages_pkey" PRIMARY KEY ("file_id", "number"),
    CONSTRAINT "file_pages_file_id_fkey" FOREIGN KEY ("file_id") REFERENCES "files"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "file_pages_number_check" CHECK ("number" >= 1)
);
CREATE INDEX "file_pages_search_idx" ON "file_pages" USING GIN ("search");

-- Parts of words and text without spaces are found by trigrams. A database whose owner may not add the extension
-- finds them all the same, only slower.
DO $$
BEGIN
  CREATE EXTENSION IF NOT EXISTS pg_trgm;
  CREATE INDEX "file_pages_content_idx" ON "file_pages" USING GIN ("content" gin_trgm_ops);
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported OR undefined_object THEN
  RAISE NOTICE 'pg_trgm is not available: %', SQLERRM;
END $$;

ALTER TABLE "files" ADD CONSTRAINT "files_size_check" CHECK ("size" BETWEEN 0 AND 10485760);
ALTER TABLE "file_parsing_jobs"
  ADD CONSTRAINT "file_parsing_jobs_status_check" CHECK ("status" IN ('queued', 'running', 'ready', 'failed'));
ALTER TABLE "tool_call_events"
  ADD CONSTRAINT "tool_call_events_status_check" CHECK ("status" IN ('completed', 'failed', 'denied'));

-- The room's 100 MB hold whoever writes: sends of one conversation follow each other by its row's lock (the
-- application's), and this is the last word. An upload counts from the moment it is announced until its address expires;
-- what was refused for its type and what is deleted doesn't.
CREATE FUNCTION assert_file_quota() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE v_used bigint;
BEGIN
  IF NEW.deleted_at IS NOT NULL OR NEW.error->>'code' = 'unsupported_file_type' THEN
    RETURN NEW;
  END IF;
  IF NEW.room_id IS NOT NULL THEN
    PERFORM 1 FROM rooms WHERE id = NEW.room_id FOR UPDATE;
  ELSE
    PERFORM 1 FROM direct_sessions WHERE id = NEW.direct_session_id FOR UPDATE;
  END IF;
  SELECT coalesce(sum(size), 0) INTO v_used FROM files
    WHERE (room_id = NEW.room_id OR direct_session_id = NEW.direct_session_id) AND id <> NEW.id AND deleted_at IS NULL
      AND error->>'code' IS DISTINCT FROM 'unsupported_file_type'
      AND (status <> 'uploading' OR upload_expires_at > now());
  IF v_used + NEW.size > 104857600 THEN
    RAISE EXCEPTION 'files_quota: the room has % bytes left', greatest(0, 104857600 - v_used)
      USING ERRCODE = 'check_violation', CONSTRAINT = 'files_quota';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "files_quota" BEFORE INSERT OR UPDATE OF "size", "room_id", "direct_session_id", "deleted_at" ON "files"
  FOR EACH ROW EXECUTE FUNCTION assert_file_quota();
