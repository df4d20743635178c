-- Turns that their owner keeps as tests. Nothing is copied: a test is replayed from the turn, and goes with it.

CREATE TABLE "recordings" (
  "turn_id" UUID NOT NULL,
  "user_id" UUID NOT NULL,
  "max_micro_credits" BIGINT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "recordings_pkey" PRIMARY KEY ("turn_id"),
  CONSTRAINT "recordings_turn_id_fkey" FOREIGN KEY ("turn_id") REFERENCES "turns"("id") ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT "recordings_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "recordings_user_id_idx" ON "recordings"("user_id");
