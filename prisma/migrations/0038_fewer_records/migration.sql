-- A turn's record in fewer steps of its own. What record_turn takes, writes and answers is as before (0006_record_turn); it
-- reads its arguments once, and writes the turn's row once where it did so up to three times.
CREATE OR REPLACE FUNCTION record_turn(p_append json, p_changes json)
RETURNS TABLE (last_seq int, applied boolean, at timestamptz, reserved bigint, charged bigint, others_wait boolean)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_turn uuid;
  v_lease uuid;
  v_from int;
  v_events json;
  v_steps json;
  v_journal json;
  v_messages json;
  v_usage json;
  v_tool_calls json;
  v_file_access json;
  v_summary json;
  v_end json;
  n int;
  v_last int;
  v_applied boolean;
  v_at timestamptz;
  v_failed int := 0;
  v_charged bigint := 0;
  v_left bigint;
  v_reserved bigint;
  v_total bigint;
  v_conversation uuid;
  call record;
BEGIN
  -- Each looked at once: every -> reads the whole text anew.
  SELECT a.turn, a.lease, a."from", a.events INTO v_turn, v_lease, v_from, v_events
    FROM json_to_record(p_append) AS a(turn uuid, lease uuid, "from" int, events json);
  SELECT c.steps, c.journal, c.messages, c.usage, c."toolCalls", c."fileAccess", c.summary, c."end"
    INTO v_steps, v_journal, v_messages, v_usage, v_tool_calls, v_file_access, v_summary, v_end
    FROM json_to_record(p_changes) AS c(steps json, journal json, messages json, usage json, "toolCalls" json,
      "fileAccess" json, summary json, "end" json);
  n := json_array_length(v_events);
  SELECT t.last_seq, t.reserved_micro_credits, t.charged_micro_credits, t.conversation_id
    INTO v_last, v_reserved, v_total, v_conversation
    FROM turns t
    WHERE t.id = v_turn AND t.lease_token IS NOT DISTINCT FROM v_lease AND t.status IN ('queued', 'running')
    FOR UPDATE;
  v_applied := FOUND AND v_last = v_from;
  IF NOT v_applied THEN
    -- This record was committed before and its answer lost, or the turn is another's: the append knows which.
    SELECT a.last_seq, a.applied, a.at INTO v_last, v_applied, v_at
      FROM append_turn_events(json_build_array(p_append)) a;
    IF NOT FOUND THEN
      RETURN;
    END IF;
  ELSE
    v_at := clock_timestamp();
    v_last := v_from + n;
    IF n > 0 THEN
      INSERT INTO turn_events (turn_id, seq, type, step_id, at, data, lease)
        SELECT v_turn, v_from + e.ordinality, e.value->>'type', (e.value->>'stepId')::uuid, v_at, e.value->'data', v_lease
        FROM json_array_elements(v_events) WITH ORDINALITY AS e(value, ordinality);
    END IF;
    IF v_steps IS NOT NULL THEN
      INSERT INTO turn_steps (id, turn_id, key, index, kind, agent_id, agent_name, model_alias, requested_model,
        served_model, status, instruction, content, data, error, tool_calls, citations, prompt_tokens, completion_tokens,
        cached_tokens, total_tokens, charged_micro_credits, latency_ms, skip_requested_at, reused_from_step_id,
        prompt_version, started_at, finished_at)
      SELECT id, turn_id, key, index, kind, agent_id, agent_name, model_alias, requested_model,
        served_model, status, instruction, content, data, error, tool_calls, citations, prompt_tokens, completion_tokens,
        cached_tokens, total_tokens, charged_micro_credits, latency_ms, skip_requested_at, reused_from_step_id,
        prompt_version, started_at, finished_at
      FROM json_populate_recordset(null::turn_steps, v_steps)
      ON CONFLICT (turn_id, key) DO UPDATE SET
        status = excluded.status, requested_model = excluded.requested_model, served_model = excluded.served_model,
        model_alias = excluded.model_alias, prompt_version = excluded.prompt_version,
        instruction = excluded.instruction, content = excluded.content, data = excluded.data, error = excluded.error, tool_calls = excluded.tool_calls, citations = excluded.citations,
        prompt_tokens = excluded.prompt_tokens, completion_tokens = excluded.completion_tokens,
        cached_tokens = excluded.cached_tokens, total_tokens = excluded.total_tokens,
        charged_micro_credits = excluded.charged_micro_credits, latency_ms = excluded.latency_ms,
        started_at = excluded.started_at, finished_at = excluded.finished_at;
      SELECT count(*) INTO v_failed FROM json_to_recordset(v_steps) AS s(status text) WHERE s.status = 'failed';
    END IF;
    IF v_journal IS NOT NULL THEN
      INSERT INTO call_journal (id, turn_id, step_key, call_no, attempt, kind, request_hash, model, status, response, finished_at)
      SELECT id, turn_id, step_key, call_no, attempt, kind, request_hash, model, status, response,
        CASE WHEN status <> 'intent' THEN now() END
      FROM json_populate_recordset(null::call_journal, v_journal)
      ON CONFLICT (id) DO UPDATE SET
        status = excluded.status, response = excluded.response, finished_at = excluded.finished_at;
    END IF;
    IF v_messages IS NOT NULL THEN
      INSERT INTO messages (id, turn_id, step_id, index, role, agent_id, agent_name, content, created_at)
      SELECT id, turn_id, step_id, index, role, agent_id, agent_name, content, created_at
      FROM json_populate_recordset(null::messages, v_messages)
      ON CONFLICT (turn_id, index) DO NOTHING;
    END IF;
    IF v_usage IS NOT NULL THEN
      FOR call IN
        INSERT INTO llm_call_events (id, user_id, room_id, direct_session_id, turn_id, step_id, agent_id, purpose, provider,
          model, model_alias, prompt_tokens, completion_tokens, cached_tokens, total_tokens, provider_cost_usd,
          credits_burned, latency_ms, first_token_ms, status, pricing_version, multiplier, request_id, error_code)
        SELECT id, user_id, room_id, direct_session_id, turn_id, step_id, agent_id, purpose, provider,
          model, model_alias, prompt_tokens, completion_tokens, cached_tokens, total_tokens, provider_cost_usd,
          credits_burned, latency_ms, first_token_ms, status, pricing_version, multiplier, request_id, error_code
        FROM json_populate_recordset(null::llm_call_events, v_usage)
        ON CONFLICT (id) DO NOTHING
        RETURNING id, user_id, credits_burned
      LOOP
        CONTINUE WHEN call.credits_burned = 0;
        v_left := charge_call(call.user_id, v_turn, call.id, call.credits_burned);
        v_charged := v_charged + call.credits_burned;
      END LOOP;
    END IF;
    IF v_tool_calls IS NOT NULL THEN
      FOR call IN
        INSERT INTO tool_call_events (id, user_id, turn_id, step_id, agent_id, tool, status, units, credits_burned,
          pricing_version, latency_ms)
        SELECT id, user_id, turn_id, step_id, agent_id, tool, status, units, credits_burned, pricing_version, latency_ms
        FROM json_populate_recordset(null::tool_call_events, v_tool_calls)
        ON CONFLICT (id) DO NOTHING
        RETURNING id, user_id, credits_burned
      LOOP
        CONTINUE WHEN call.credits_burned = 0;
        v_left := charge_call(call.user_id, v_turn, call.id, call.credits_burned);
        v_charged := v_charged + call.credits_burned;
      END LOOP;
    END IF;
    IF v_file_access IS NOT NULL THEN
      INSERT INTO file_access_events (id, user_id, file_id, turn_id, step_id, agent_id, action, pages, allowed)
      SELECT id, user_id, file_id, turn_id, step_id, agent_id, action, pages, allowed
      FROM json_populate_recordset(null::file_access_events, v_file_access)
      ON CONFLICT (id) DO NOTHING;
    END IF;
    IF v_summary IS NOT NULL THEN
      -- A message that was deleted since the history was read is in the summary, which must not be kept then. Its lock makes
      -- a deletion that is under way come before or after this, never beside it.
      PERFORM 1 FROM messages m
        WHERE m.turn_id IN (SELECT value::uuid FROM json_array_elements_text(v_summary->'covers')) FOR SHARE;
      INSERT INTO context_summaries (id, conversation_id, through_turn_id, content, tokens, model_alias)
      SELECT id, conversation_id, through_turn_id, content, tokens, model_alias
      FROM json_populate_record(null::context_summaries, v_summary)
      WHERE NOT EXISTS (SELECT 1 FROM messages m
        WHERE m.turn_id IN (SELECT value::uuid FROM json_array_elements_text(v_summary->'covers'))
          AND m.deleted_at >= (v_summary->>'readAt')::timestamptz)
      ON CONFLICT (through_turn_id) DO NOTHING;
    END IF;
    IF v_end IS NOT NULL THEN
      PERFORM release_hold(t.user_id, t.id) FROM turns t WHERE t.id = v_turn;
      UPDATE turns SET last_seq = v_last, status = v_end->>'status', error = (v_end->>'error')::jsonb,
        warnings = (v_end->'warnings')::jsonb, finished_at = (v_end->>'finished_at')::timestamptz,
        failed_steps = (v_end->>'failed_steps')::int, charged_micro_credits = charged_micro_credits + v_charged,
        reserved_micro_credits = 0, lease_token = NULL, lease_until = NULL
      WHERE id = v_turn
      RETURNING reserved_micro_credits, charged_micro_credits INTO v_reserved, v_total;
    ELSIF n > 0 OR v_failed > 0 OR v_charged > 0 THEN
      UPDATE turns SET last_seq = v_last, failed_steps = failed_steps + v_failed,
        charged_micro_credits = charged_micro_credits + v_charged,
        reserved_micro_credits = coalesce(v_left, reserved_micro_credits)
      WHERE id = v_turn
      RETURNING reserved_micro_credits, charged_micro_credits INTO v_reserved, v_total;
    END IF;
    IF n > 0 THEN
      PERFORM pg_notify('turn_events', v_turn || ':' || v_last || ' ');
    END IF;
  END IF;
  IF NOT v_applied THEN
    SELECT t.reserved_micro_credits, t.charged_micro_credits, t.conversation_id INTO v_reserved, v_total, v_conversation
      FROM turns t WHERE t.id = v_turn;
  END IF;
  RETURN QUERY SELECT v_last, v_applied, v_at, v_reserved, v_total,
    v_end IS NOT NULL AND EXISTS (
      SELECT 1 FROM turns q WHERE q.conversation_id = v_conversation AND q.status = 'queued');
END $$;

-- LangGraph's tables are guarded for all rows of a statement at once; prisma/migrate.ts sets the trigger.
CREATE FUNCTION refuse_purged_threads() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM public.assert_turn_not_purged(t.thread_id::uuid)
  FROM (SELECT DISTINCT thread_id FROM added) t
  WHERE t.thread_id ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS refuse_purged ON langgraph.checkpoints;
DROP TRIGGER IF EXISTS refuse_purged ON langgraph.checkpoint_blobs;
DROP TRIGGER IF EXISTS refuse_purged ON langgraph.checkpoint_writes;
DROP FUNCTION refuse_purged_thread();
