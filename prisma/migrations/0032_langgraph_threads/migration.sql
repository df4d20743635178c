-- Lines of a conversation that programs began by LangGraph's API. A conversation's own thread has no row: its id is the
-- conversation's. Without a conversation until its first run; `head_turn_id` is what was last sent in it.

CREATE TABLE "langgraph_threads" (
  "id" UUID NOT NULL,
  "user_id" UUID NOT NULL,
  "room_id" UUID,
  "direct_session_id" UUID,
  "head_turn_id" UUID,
  "metadata" JSONB NOT NULL DEFAULT '{}',
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "langgraph_threads_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "langgraph_threads_one_home" CHECK (num_nonnulls("room_id", "direct_session_id") <= 1),
  CONSTRAINT "langgraph_threads_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT "langgraph_threads_room_id_fkey" FOREIGN KEY ("room_id") REFERENCES "rooms"("id") ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT "langgraph_threads_direct_session_id_fkey" FOREIGN KEY ("direct_session_id") REFERENCES "direct_sessions"("id") ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT "langgraph_threads_head_turn_id_fkey" FOREIGN KEY ("head_turn_id") REFERENCES "turns"("id") ON DELETE SET NULL ON UPDATE CASCADE
);
CREATE INDEX "langgraph_threads_user_id_updated_at_idx" ON "langgraph_threads"("user_id", "updated_at");
CREATE INDEX "langgraph_threads_room_id_idx" ON "langgraph_threads"("room_id");
CREATE INDEX "langgraph_threads_direct_session_id_idx" ON "langgraph_threads"("direct_session_id");
CREATE INDEX "langgraph_threads_head_turn_id_idx" ON "langgraph_threads"("head_turn_id");

CREATE TRIGGER "langgraph_threads_refuse_purged" BEFORE INSERT ON "langgraph_threads" FOR EACH ROW
  EXECUTE FUNCTION refuse_purged_home();
