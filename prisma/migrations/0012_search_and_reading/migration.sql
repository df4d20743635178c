-- Finding what was said, where rooms and chats stand in the sidebar, and what of them was read.

-- Two configurations, as for files: words as they are, for any language and for names, and English stems. A vector holds
-- at most a megabyte: of a text that is longer than any reply, its beginning is found.
ALTER TABLE "messages" ADD COLUMN "search" TSVECTOR GENERATED ALWAYS AS (
  to_tsvector('simple'::regconfig, left("content", 100000)) || to_tsvector('english'::regconfig, left("content", 100000))
) STORED;
CREATE INDEX "messages_search_idx" ON "messages" USING GIN ("search");

-- Parts of words and text without spaces are found by trigrams; without the extension all the same, only slower.
DO $$
BEGIN
  CREATE EXTENSION IF NOT EXISTS pg_trgm;
  CREATE INDEX "messages_content_idx" ON "messages" USING GIN ("content" gin_trgm_ops);
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported OR undefined_object THEN
  RAISE NOTICE 'pg_trgm is not available: %', SQLERRM;
END $$;

ALTER TABLE "rooms" ADD COLUMN "read_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;
ALTER TABLE "direct_sessions"
  ADD COLUMN "position" DOUBLE PRECISION NOT NULL DEFAULT 0,
  ADD COLUMN "read_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- Whether anything finished in a conversation since it was read, without looking at its age.
CREATE INDEX "turns_conversation_id_finished_at_idx" ON "turns"("conversation_id", "finished_at");
