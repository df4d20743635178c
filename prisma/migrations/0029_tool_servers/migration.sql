-- Servers of the Model Context Protocol that a person has added for their agents. The token is sealed with a key that is not
-- in the database.
CREATE TABLE "tool_servers" (
  "id" UUID NOT NULL,
  "user_id" UUID NOT NULL,
  "name" TEXT NOT NULL,
  "url" TEXT NOT NULL,
  "header" TEXT NOT NULL,
  "secret" BYTEA,
  "tools" JSONB NOT NULL,
  "unasked" TEXT[],
  "listed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "tool_servers_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "tool_servers_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "tool_servers_user_id_name_key" ON "tool_servers"("user_id", "name");

-- What a running turn asks its person before a tool is called. The row's id is the call's.
CREATE TABLE "tool_approvals" (
  "id" UUID NOT NULL,
  "turn_id" UUID NOT NULL,
  "step_key" TEXT NOT NULL,
  "call_no" INTEGER NOT NULL,
  "status" TEXT NOT NULL DEFAULT 'waiting',
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "decided_at" TIMESTAMPTZ(3),
  CONSTRAINT "tool_approvals_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "tool_approvals_status_check" CHECK ("status" IN ('waiting', 'approved', 'denied', 'expired')),
  CONSTRAINT "tool_approvals_turn_id_fkey" FOREIGN KEY ("turn_id") REFERENCES "turns"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "tool_approvals_turn_id_step_key_call_no_key" ON "tool_approvals"("turn_id", "step_key", "call_no");
