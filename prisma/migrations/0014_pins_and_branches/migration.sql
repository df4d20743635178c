-- A reply's message has its step's id and a user's message its turn's, so that a link to a message can be made from either.
UPDATE "messages" SET "id" = coalesce("step_id", "turn_id") WHERE "id" <> coalesce("step_id", "turn_id");

-- Kept at hand by the user.
ALTER TABLE "messages" ADD COLUMN "pinned_at" TIMESTAMPTZ(3);
CREATE INDEX "messages_pinned_idx" ON "messages"("turn_id") WHERE "pinned_at" IS NOT NULL;

-- The other beginnings of a conversation, without looking at what followed them.
CREATE INDEX "turns_beginning_idx" ON "turns"("conversation_id") WHERE "parent_turn_id" IS NULL;
