-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "users" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "display_name" TEXT,
    "suspended_at" TIMESTAMPTZ(3),
    "monthly_cap_micro_credits" BIGINT,
    "settings" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sessions" (
    "id" UUID NOT NULL,
    "token_hash" TEXT NOT NULL,
    "user_id" UUID NOT NULL,
    "user_agent" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "magic_links" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "token_hash" TEXT,
    "redirect_to" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "sent_at" TIMESTAMPTZ(3),
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "magic_links_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dev_mails" (
    "id" UUID NOT NULL,
    "to" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "dev_mails_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invites" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "created_by" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "accepted_at" TIMESTAMPTZ(3),

    CONSTRAINT "invites_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_keys" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "key_hash" TEXT NOT NULL,
    "scopes" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rate_limits" (
    "key" TEXT NOT NULL,
    "points" INTEGER NOT NULL DEFAULT 0,
    "expire" BIGINT,

    CONSTRAINT "rate_limits_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "admin_roles" (
    "id" TEXT NOT NULL,
    "description" TEXT NOT NULL,

    CONSTRAINT "admin_roles_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "admin_users" (
    "user_id" UUID NOT NULL,
    "role_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "admin_users_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "admin_audit_logs" (
    "id" UUID NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "actor_id" UUID,
    "action" TEXT NOT NULL,
    "target_type" TEXT NOT NULL,
    "target_id" TEXT,
    "before" JSONB,
    "after" JSONB,
    "request_id" TEXT,
    "prev_hash" TEXT,
    "hash" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "admin_audit_logs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "platform_settings" (
    "key" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "platform_settings_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "rooms" (
    "id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "current_mode" TEXT NOT NULL DEFAULT 'manual',
    "pending_mode" TEXT,
    "position" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "rooms_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "room_agents" (
    "id" UUID NOT NULL,
    "room_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "name_key" TEXT NOT NULL,
    "model_alias" TEXT NOT NULL,
    "role_prompt" TEXT NOT NULL,
    "tool_permissions" JSONB NOT NULL,
    "memory_policy" TEXT NOT NULL DEFAULT 'summary',
    "fallback_alias" TEXT,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "position" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "room_agents_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "room_sessions" (
    "id" UUID NOT NULL,
    "conversation_id" UUID NOT NULL,
    "room_id" UUID,
    "direct_session_id" UUID,
    "head_turn_id" UUID,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "room_sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "direct_sessions" (
    "id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "title" TEXT NOT NULL,
    "agent" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "direct_sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "turns" (
    "id" UUID NOT NULL,
    "conversation_id" UUID NOT NULL,
    "room_id" UUID,
    "direct_session_id" UUID,
    "branch_id" UUID NOT NULL,
    "parent_turn_id" UUID,
    "depth" INTEGER NOT NULL,
    "user_id" UUID NOT NULL,
    "status" TEXT NOT NULL,
    "mode" TEXT NOT NULL,
    "queue_position" BIGINT NOT NULL,
    "client_request_id" TEXT,
    "request_hash" TEXT,
    "lease_token" UUID,
    "lease_until" TIMESTAMPTZ(3),
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "last_seq" INTEGER NOT NULL DEFAULT 0,
    "stop_requested_at" TIMESTAMPTZ(3),
    "failed_steps" INTEGER NOT NULL DEFAULT 0,
    "reserved_micro_credits" BIGINT NOT NULL DEFAULT 0,
    "charged_micro_credits" BIGINT NOT NULL DEFAULT 0,
    "pricing_version_id" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "snapshot" JSONB NOT NULL,
    "warnings" JSONB NOT NULL DEFAULT '[]',
    "error" JSONB,

    CONSTRAINT "turns_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "turn_steps" (
    "id" UUID NOT NULL,
    "turn_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "index" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "agent_id" UUID,
    "agent_name" TEXT NOT NULL,
    "model_alias" TEXT NOT NULL,
    "requested_model" TEXT,
    "served_model" TEXT,
    "status" TEXT NOT NULL,
    "instruction" TEXT,
    "content" TEXT NOT NULL DEFAULT '',
    "data" JSONB,
    "error" JSONB,
    "tool_calls" JSONB NOT NULL DEFAULT '[]',
    "prompt_tokens" INTEGER NOT NULL DEFAULT 0,
    "completion_tokens" INTEGER NOT NULL DEFAULT 0,
    "cached_tokens" INTEGER NOT NULL DEFAULT 0,
    "total_tokens" INTEGER NOT NULL DEFAULT 0,
    "charged_micro_credits" BIGINT NOT NULL DEFAULT 0,
    "latency_ms" INTEGER NOT NULL DEFAULT 0,
    "skip_requested_at" TIMESTAMPTZ(3),
    "reused_from_step_id" UUID,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "turn_steps_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "messages" (
    "id" UUID NOT NULL,
    "turn_id" UUID NOT NULL,
    "step_id" UUID,
    "index" INTEGER NOT NULL,
    "role" TEXT NOT NULL,
    "agent_id" UUID,
    "agent_name" TEXT,
    "content" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "messages_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "turn_events" (
    "turn_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "type" TEXT NOT NULL,
    "step_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "data" JSON NOT NULL,

    CONSTRAINT "turn_events_pkey" PRIMARY KEY ("turn_id","seq")
);

-- CreateTable
CREATE TABLE "call_journal" (
    "id" UUID NOT NULL,
    "turn_id" UUID NOT NULL,
    "step_key" TEXT NOT NULL,
    "call_no" INTEGER NOT NULL,
    "attempt" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "response" JSON,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "call_journal_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "context_summaries" (
    "id" UUID NOT NULL,
    "conversation_id" UUID NOT NULL,
    "through_turn_id" UUID NOT NULL,
    "content" TEXT NOT NULL,
    "tokens" INTEGER NOT NULL,
    "model_alias" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "context_summaries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "files" (
    "id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "room_id" UUID,
    "direct_session_id" UUID,
    "name" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "mime_type" TEXT NOT NULL,
    "storage_key" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "error" JSONB,
    "pages" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "upload_expires_at" TIMESTAMPTZ(3),
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "files_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "file_parsing_jobs" (
    "id" UUID NOT NULL,
    "file_id" UUID NOT NULL,
    "status" TEXT NOT NULL,
    "parser" TEXT,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "pages" INTEGER,
    "characters" INTEGER,
    "peak_rss_mb" INTEGER,
    "duration_ms" INTEGER,
    "error" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "file_parsing_jobs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "file_access_events" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "file_id" UUID NOT NULL,
    "turn_id" UUID NOT NULL,
    "step_id" UUID,
    "agent_id" UUID,
    "action" TEXT NOT NULL,
    "pages" JSONB,
    "allowed" BOOLEAN NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "file_access_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tool_call_events" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "turn_id" UUID NOT NULL,
    "step_id" UUID,
    "agent_id" UUID,
    "tool" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "units" INTEGER NOT NULL DEFAULT 0,
    "credits_burned" BIGINT NOT NULL DEFAULT 0,
    "pricing_version" INTEGER,
    "latency_ms" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tool_call_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "plans" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "monthly_micro_credits" BIGINT NOT NULL,
    "model_aliases" TEXT[],
    "position" INTEGER NOT NULL,

    CONSTRAINT "plans_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "subscriptions" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "plan_id" TEXT NOT NULL,
    "stripe_subscription_id" TEXT,
    "stripe_customer_id" TEXT,
    "status" TEXT NOT NULL,
    "current_period_start" TIMESTAMPTZ(3),
    "current_period_end" TIMESTAMPTZ(3),
    "cancel_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "subscriptions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "credit_wallets" (
    "user_id" UUID NOT NULL,
    "available_micro_credits" BIGINT NOT NULL DEFAULT 0,
    "held_micro_credits" BIGINT NOT NULL DEFAULT 0,
    "debt_micro_credits" BIGINT NOT NULL DEFAULT 0,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "credit_wallets_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "credit_transactions" (
    "id" UUID NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "user_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "micro_credits" BIGINT NOT NULL,
    "idempotency_key" TEXT NOT NULL,
    "lot_id" UUID,
    "turn_id" UUID,
    "call_id" UUID,
    "note" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "credit_transactions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "pricing_versions" (
    "id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "effective_at" TIMESTAMPTZ(3),
    "metadata" JSONB NOT NULL,
    "created_by" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "pricing_versions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "model_pricing" (
    "pricing_version_id" INTEGER NOT NULL,
    "alias" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,
    "input_usd_per_m" DECIMAL(12,6) NOT NULL,
    "cached_usd_per_m" DECIMAL(12,6) NOT NULL,
    "output_usd_per_m" DECIMAL(12,6) NOT NULL,
    "multiplier" DECIMAL(8,4) NOT NULL,
    "context_tokens" INTEGER NOT NULL,
    "max_output_tokens" INTEGER NOT NULL,
    "free" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "model_pricing_pkey" PRIMARY KEY ("pricing_version_id","alias")
);

-- CreateTable
CREATE TABLE "llm_call_events" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "room_id" UUID,
    "direct_session_id" UUID,
    "turn_id" UUID NOT NULL,
    "step_id" UUID,
    "agent_id" UUID,
    "purpose" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "model_alias" TEXT NOT NULL,
    "prompt_tokens" INTEGER NOT NULL,
    "completion_tokens" INTEGER NOT NULL,
    "cached_tokens" INTEGER NOT NULL,
    "total_tokens" INTEGER NOT NULL,
    "provider_cost_usd" DECIMAL(18,9) NOT NULL,
    "credits_burned" BIGINT NOT NULL,
    "latency_ms" INTEGER NOT NULL,
    "first_token_ms" INTEGER,
    "status" TEXT NOT NULL,
    "pricing_version" INTEGER NOT NULL,
    "multiplier" DECIMAL(8,4) NOT NULL,
    "request_id" TEXT NOT NULL,
    "error_code" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "llm_call_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "usage_rollups_daily" (
    "day" DATE NOT NULL,
    "user_id" UUID NOT NULL,
    "model" TEXT NOT NULL,
    "model_alias" TEXT NOT NULL,
    "calls" INTEGER NOT NULL,
    "failed_calls" INTEGER NOT NULL,
    "prompt_tokens" BIGINT NOT NULL,
    "completion_tokens" BIGINT NOT NULL,
    "cached_tokens" BIGINT NOT NULL,
    "total_tokens" BIGINT NOT NULL,
    "provider_cost_usd" DECIMAL(18,9) NOT NULL,
    "credits_burned" BIGINT NOT NULL,

    CONSTRAINT "usage_rollups_daily_pkey" PRIMARY KEY ("day","user_id","model","model_alias")
);

-- CreateTable
CREATE TABLE "usage_rollups_monthly" (
    "month" DATE NOT NULL,
    "user_id" UUID NOT NULL,
    "model" TEXT NOT NULL,
    "model_alias" TEXT NOT NULL,
    "calls" INTEGER NOT NULL,
    "failed_calls" INTEGER NOT NULL,
    "prompt_tokens" BIGINT NOT NULL,
    "completion_tokens" BIGINT NOT NULL,
    "cached_tokens" BIGINT NOT NULL,
    "total_tokens" BIGINT NOT NULL,
    "provider_cost_usd" DECIMAL(18,9) NOT NULL,
    "credits_burned" BIGINT NOT NULL,

    CONSTRAINT "usage_rollups_monthly_pkey" PRIMARY KEY ("month","user_id","model","model_alias")
);

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");

-- CreateIndex
CREATE UNIQUE INDEX "sessions_token_hash_key" ON "sessions"("token_hash");

-- CreateIndex
CREATE INDEX "sessions_user_id_idx" ON "sessions"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "magic_links_token_hash_key" ON "magic_links"("token_hash");

-- CreateIndex
CREATE INDEX "magic_links_email_created_at_idx" ON "magic_links"("email", "created_at");

-- CreateIndex
CREATE INDEX "magic_links_expires_at_idx" ON "magic_links"("expires_at");

-- CreateIndex
CREATE INDEX "dev_mails_created_at_idx" ON "dev_mails"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "invites_email_key" ON "invites"("email");

-- CreateIndex
CREATE UNIQUE INDEX "api_keys_key_hash_key" ON "api_keys"("key_hash");

-- CreateIndex
CREATE INDEX "api_keys_user_id_idx" ON "api_keys"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "admin_audit_logs_seq_key" ON "admin_audit_logs"("seq");

-- CreateIndex
CREATE INDEX "admin_audit_logs_actor_id_created_at_idx" ON "admin_audit_logs"("actor_id", "created_at");

-- CreateIndex
CREATE INDEX "admin_audit_logs_target_type_target_id_idx" ON "admin_audit_logs"("target_type", "target_id");

-- CreateIndex
CREATE INDEX "rooms_owner_id_updated_at_idx" ON "rooms"("owner_id", "updated_at");

-- CreateIndex
CREATE INDEX "room_agents_room_id_position_idx" ON "room_agents"("room_id", "position");

-- CreateIndex
CREATE INDEX "room_sessions_conversation_id_idx" ON "room_sessions"("conversation_id");

-- CreateIndex
CREATE INDEX "direct_sessions_owner_id_updated_at_idx" ON "direct_sessions"("owner_id", "updated_at");

-- CreateIndex
CREATE INDEX "turns_conversation_id_created_at_idx" ON "turns"("conversation_id", "created_at");

-- CreateIndex
CREATE INDEX "turns_branch_id_depth_idx" ON "turns"("branch_id", "depth");

-- CreateIndex
CREATE INDEX "turns_parent_turn_id_idx" ON "turns"("parent_turn_id");

-- CreateIndex
CREATE INDEX "turns_user_id_created_at_idx" ON "turns"("user_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "turn_steps_turn_id_key_key" ON "turn_steps"("turn_id", "key");

-- CreateIndex
CREATE UNIQUE INDEX "messages_turn_id_index_key" ON "messages"("turn_id", "index");

-- CreateIndex
CREATE UNIQUE INDEX "call_journal_turn_id_step_key_call_no_attempt_key" ON "call_journal"("turn_id", "step_key", "call_no", "attempt");

-- CreateIndex
CREATE UNIQUE INDEX "context_summaries_through_turn_id_key" ON "context_summaries"("through_turn_id");

-- CreateIndex
CREATE INDEX "context_summaries_conversation_id_idx" ON "context_summaries"("conversation_id");

-- CreateIndex
CREATE UNIQUE INDEX "files_storage_key_key" ON "files"("storage_key");

-- CreateIndex
CREATE INDEX "files_room_id_idx" ON "files"("room_id");

-- CreateIndex
CREATE INDEX "files_direct_session_id_idx" ON "files"("direct_session_id");

-- CreateIndex
CREATE INDEX "file_parsing_jobs_file_id_idx" ON "file_parsing_jobs"("file_id");

-- CreateIndex
CREATE INDEX "file_access_events_turn_id_idx" ON "file_access_events"("turn_id");

-- CreateIndex
CREATE INDEX "file_access_events_file_id_idx" ON "file_access_events"("file_id");

-- CreateIndex
CREATE INDEX "tool_call_events_turn_id_idx" ON "tool_call_events"("turn_id");

-- CreateIndex
CREATE INDEX "tool_call_events_user_id_created_at_idx" ON "tool_call_events"("user_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "subscriptions_stripe_subscription_id_key" ON "subscriptions"("stripe_subscription_id");

-- CreateIndex
CREATE INDEX "subscriptions_user_id_idx" ON "subscriptions"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "credit_transactions_seq_key" ON "credit_transactions"("seq");

-- CreateIndex
CREATE UNIQUE INDEX "credit_transactions_idempotency_key_key" ON "credit_transactions"("idempotency_key");

-- CreateIndex
CREATE INDEX "credit_transactions_user_id_seq_idx" ON "credit_transactions"("user_id", "seq");

-- CreateIndex
CREATE INDEX "credit_transactions_turn_id_idx" ON "credit_transactions"("turn_id");

-- CreateIndex
CREATE INDEX "llm_call_events_turn_id_idx" ON "llm_call_events"("turn_id");

-- CreateIndex
CREATE INDEX "llm_call_events_user_id_created_at_idx" ON "llm_call_events"("user_id", "created_at");

-- CreateIndex
CREATE INDEX "llm_call_events_created_at_idx" ON "llm_call_events"("created_at");

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "admin_users" ADD CONSTRAINT "admin_users_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "admin_users" ADD CONSTRAINT "admin_users_role_id_fkey" FOREIGN KEY ("role_id") REFERENCES "admin_roles"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rooms" ADD CONSTRAINT "rooms_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "room_agents" ADD CONSTRAINT "room_agents_room_id_fkey" FOREIGN KEY ("room_id") REFERENCES "rooms"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "room_sessions" ADD CONSTRAINT "room_sessions_room_id_fkey" FOREIGN KEY ("room_id") REFERENCES "rooms"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "room_sessions" ADD CONSTRAINT "room_sessions_direct_session_id_fkey" FOREIGN KEY ("direct_session_id") REFERENCES "direct_sessions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "direct_sessions" ADD CONSTRAINT "direct_sessions_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "turn_steps" ADD CONSTRAINT "turn_steps_turn_id_fkey" FOREIGN KEY ("turn_id") REFERENCES "turns"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "messages" ADD CONSTRAINT "messages_turn_id_fkey" FOREIGN KEY ("turn_id") REFERENCES "turns"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "turn_events" ADD CONSTRAINT "turn_events_turn_id_fkey" FOREIGN KEY ("turn_id") REFERENCES "turns"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "call_journal" ADD CONSTRAINT "call_journal_turn_id_fkey" FOREIGN KEY ("turn_id") REFERENCES "turns"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "plans"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model_pricing" ADD CONSTRAINT "model_pricing_pricing_version_id_fkey" FOREIGN KEY ("pricing_version_id") REFERENCES "pricing_versions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ===================================================================== by hand from here: what Prisma can't express

-- ------------------------------------------------------------------------------------------------ one at a time

-- A room is an actor: one running turn per conversation.
CREATE UNIQUE INDEX "turns_one_running_key" ON "turns"("conversation_id") WHERE "status" = 'running';
-- The same Idempotency-Key gives the same turn.
CREATE UNIQUE INDEX "turns_client_request_key" ON "turns"("conversation_id", "client_request_id")
  WHERE "client_request_id" IS NOT NULL;
CREATE UNIQUE INDEX "room_agents_name_key" ON "room_agents"("room_id", "name_key") WHERE "deleted_at" IS NULL;
CREATE UNIQUE INDEX "room_sessions_one_active_key" ON "room_sessions"("conversation_id") WHERE "active";

-- ---------------------------------------------------------------------------------------------------- values

ALTER TABLE "rooms"
  ADD CONSTRAINT "rooms_current_mode_check" CHECK ("current_mode" IN ('manual', 'roundtable', 'orchestrator')),
  ADD CONSTRAINT "rooms_pending_mode_check" CHECK ("pending_mode" IN ('manual', 'roundtable', 'orchestrator'));
ALTER TABLE "room_agents"
  ADD CONSTRAINT "room_agents_memory_policy_check" CHECK ("memory_policy" IN ('full', 'summary', 'selective', 'none'));
ALTER TABLE "room_sessions"
  ADD CONSTRAINT "room_sessions_conversation_check"
    CHECK (num_nonnulls("room_id", "direct_session_id") = 1 AND "conversation_id" = coalesce("room_id", "direct_session_id"));
ALTER TABLE "turns"
  ADD CONSTRAINT "turns_conversation_check"
    CHECK (num_nonnulls("room_id", "direct_session_id") = 1 AND "conversation_id" = coalesce("room_id", "direct_session_id")),
  ADD CONSTRAINT "turns_status_check" CHECK ("status" IN ('queued', 'running', 'completed', 'failed', 'cancelled')),
  ADD CONSTRAINT "turns_mode_check" CHECK ("mode" IN ('manual', 'roundtable', 'orchestrator', 'direct')),
  ADD CONSTRAINT "turns_amounts_check" CHECK ("reserved_micro_credits" >= 0 AND "charged_micro_credits" >= 0);
ALTER TABLE "turn_steps"
  ADD CONSTRAINT "turn_steps_kind_check" CHECK ("kind" IN ('manager', 'agent', 'synthesis')),
  ADD CONSTRAINT "turn_steps_status_check"
    CHECK ("status" IN ('pending', 'running', 'completed', 'failed', 'skipped', 'cancelled'));
ALTER TABLE "messages"
  ADD CONSTRAINT "messages_role_check" CHECK ("role" IN ('user', 'agent', 'synthesis'));
ALTER TABLE "call_journal"
  ADD CONSTRAINT "call_journal_kind_check" CHECK ("kind" IN ('model', 'tool')),
  ADD CONSTRAINT "call_journal_status_check" CHECK ("status" IN ('intent', 'ok', 'failed', 'cancelled', 'lost'));
ALTER TABLE "files"
  ADD CONSTRAINT "files_home_check" CHECK (num_nonnulls("room_id", "direct_session_id") = 1),
  ADD CONSTRAINT "files_status_check" CHECK ("status" IN ('uploading', 'parsing', 'ready', 'failed'));
ALTER TABLE "llm_call_events"
  ADD CONSTRAINT "llm_call_events_conversation_check" CHECK (num_nonnulls("room_id", "direct_session_id") = 1),
  ADD CONSTRAINT "llm_call_events_purpose_check" CHECK ("purpose" IN ('manager', 'agent', 'synthesis', 'summary')),
  ADD CONSTRAINT "llm_call_events_status_check" CHECK ("status" IN ('ok', 'failed', 'cancelled', 'estimated', 'lost')),
  -- What a provider claims must never raise a balance.
  ADD CONSTRAINT "llm_call_events_counts_check" CHECK (
    "prompt_tokens" >= 0 AND "completion_tokens" >= 0 AND "cached_tokens" BETWEEN 0 AND "prompt_tokens"
    AND "total_tokens" >= 0 AND "credits_burned" >= 0 AND "provider_cost_usd" >= 0);
ALTER TABLE "tool_call_events"
  ADD CONSTRAINT "tool_call_events_amounts_check" CHECK ("units" >= 0 AND "credits_burned" >= 0);
-- Prepaid means prepaid.
ALTER TABLE "credit_wallets"
  ADD CONSTRAINT "credit_wallets_amounts_check"
    CHECK ("available_micro_credits" >= 0 AND "held_micro_credits" >= 0 AND "debt_micro_credits" >= 0);
ALTER TABLE "plans"
  ADD CONSTRAINT "plans_amount_check" CHECK ("monthly_micro_credits" >= 0);
ALTER TABLE "model_pricing"
  ADD CONSTRAINT "model_pricing_alias_check" CHECK ("alias" IN ('llama', 'qwen', 'deepseek', 'gpt_oss', 'premium')),
  -- The SRS's "billed multiplier floor 0.5x".
  ADD CONSTRAINT "model_pricing_multiplier_floor" CHECK ("multiplier" >= 0.5),
  ADD CONSTRAINT "model_pricing_amounts_check" CHECK (
    "input_usd_per_m" >= 0 AND "cached_usd_per_m" >= 0 AND "output_usd_per_m" >= 0
    AND "context_tokens" > 0 AND "max_output_tokens" > 0);

-- ------------------------------------------------------------------------------------------------ append-only

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER "llm_call_events_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "llm_call_events"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "credit_transactions_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "credit_transactions"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "tool_call_events_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "tool_call_events"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "file_access_events_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "file_access_events"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "admin_audit_logs_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "admin_audit_logs"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- ---------------------------------------------------------------------------------------------------- storage

-- A running turn's row is rewritten for every lease renewal and every flush of events. It stays narrow (the snapshot
-- goes out of line as soon as the row is long) and has room beside it on its page, so that those updates are heap-only.
-- No index may name lease_until, lease_token or last_seq, not even in its predicate.
ALTER TABLE "turns" SET (fillfactor = 80, toast_tuple_target = 128);
ALTER TABLE "turns" ALTER COLUMN "snapshot" SET STORAGE EXTERNAL;
ALTER TABLE "turns" ALTER COLUMN "error" SET STORAGE EXTERNAL;
ALTER TABLE "turns" ALTER COLUMN "warnings" SET STORAGE EXTERNAL;

-- ------------------------------------------------------------------------------------------- reference rows

INSERT INTO "admin_roles" ("id", "description") VALUES
  ('owner', 'Sees and changes everything in the admin pages; each change is audited.'),
  ('analyst', 'Sees everything in the admin pages and changes nothing.');

INSERT INTO "plans" ("id", "name", "monthly_micro_credits", "model_aliases", "position") VALUES
  ('starter', 'Starter', 495000000, '{llama,qwen,gpt_oss}', 1),
  ('pro', 'Pro', 1980000000, '{llama,qwen,gpt_oss,deepseek}', 2),
  ('power', 'Power', 4180000000, '{llama,qwen,gpt_oss,deepseek,premium}', 3);

INSERT INTO "platform_settings" ("key", "value") VALUES ('manager_model_alias', '"deepseek"');

INSERT INTO "pricing_versions" ("id", "name", "effective_at", "metadata") VALUES (1, 'Launch prices', now(), '{
  "source": "https://openrouter.ai/models",
  "asOf": "2026-06",
  "note": "Indicative list prices. Compare them with today''s and make a new pricing version before selling credits.",
  "formula": "microCredits = ceil((35 * fresh + 10 * cached + 100 * output) * multiplier), fresh = prompt - cached",
  "multiplierRule": "USD per million output tokens, at least 0.5: one credit stands for about one US cent of provider cost.",
  "multiplierFloor": "0.5",
  "cachedTokensPolicy": "FR-BILL-006: a provider that reports no cached_tokens is taken to have cached none (cached = 0); all prompt tokens are then fresh.",
  "toolCharges": { "searchMicroCreditsPerCall": "1000000", "fileReadMicroCreditsPerPage": "20000" }
}');

-- Prices in USD per million tokens.
INSERT INTO "model_pricing" ("pricing_version_id", "alias", "provider", "model", "display_name",
  "input_usd_per_m", "cached_usd_per_m", "output_usd_per_m", "multiplier", "context_tokens", "max_output_tokens") VALUES
  (1, 'llama', 'openrouter', 'meta-llama/llama-3.3-70b-instruct', 'Llama 3.3 70B', 0.10, 0.10, 0.32, 0.5, 131072, 16384),
  (1, 'qwen', 'openrouter', 'qwen/qwen3-235b-a22b-2507', 'Qwen3 235B', 0.09, 0.09, 0.58, 0.6, 262144, 16384),
  (1, 'deepseek', 'openrouter', 'deepseek/deepseek-v3.2', 'DeepSeek V3.2', 0.26, 0.13, 0.38, 0.5, 163840, 16384),
  (1, 'gpt_oss', 'openrouter', 'openai/gpt-oss-120b', 'gpt-oss 120B', 0.05, 0.05, 0.25, 0.5, 131072, 16384),
  (1, 'premium', 'openrouter', 'google/gemini-2.5-pro', 'Gemini 2.5 Pro', 1.25, 0.125, 10.00, 10, 1048576, 65536);
