-- Read-only links: whoever has the token reads what was said in a room up to a turn, or one turn. The token's hash is kept.

CREATE TABLE "shares" (
  "id" UUID NOT NULL,
  "owner_id" UUID NOT NULL,
  "kind" TEXT NOT NULL,
  "turn_id" UUID NOT NULL,
  "token_hash" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "revoked_at" TIMESTAMPTZ(3),
  CONSTRAINT "shares_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "shares_kind_check" CHECK ("kind" IN ('conversation', 'turn')),
  CONSTRAINT "shares_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT "shares_turn_id_fkey" FOREIGN KEY ("turn_id") REFERENCES "turns"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "shares_token_hash_key" ON "shares"("token_hash");
CREATE INDEX "shares_owner_id_idx" ON "shares"("owner_id");
CREATE INDEX "shares_turn_id_idx" ON "shares"("turn_id");
