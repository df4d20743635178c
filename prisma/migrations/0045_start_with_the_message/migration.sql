-- The first calls of a turn that starts at once are begun in the transaction that takes the message on, before it is known what
-- exactly they ask: the history that goes with them is read behind the commit. Their outcome brings the hash of what was asked.
ALTER TABLE call_journal ALTER COLUMN request_hash DROP NOT NULL;

-- As in 0044, but for the hash.
CREATE OR REPLACE FUNCTION record_turn(
  p_turn uuid, p_lease uuid, p_from int, p_events json, p_steps json, p_failed int, p_journal json, p_messages json,
  p_usage json, p_tool_calls json, p_file_access json, p_summary json, p_end json, p_checkpoint json, p_notify boolean
) RETURNS TABLE (last_seq int, applied boolean, at timestamptz, reserved bigint, charged bigint, others_wait boolean,
  checkpoint_error text)
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  n int := json_array_length(p_events);
  v_user uuid;
  v_conversation uuid;
  v_last int;
  v_applied boolean;
  v_at timestamptz;
  v_charged bigint := 0;
  v_left bigint;
  v_reserved bigint;
  v_total bigint;
  v_wait boolean := false;
  v_checkpoint_error text;
  call record;
BEGIN
  SELECT t.user_id, t.conversation_id, t.last_seq, t.reserved_micro_credits, t.charged_micro_credits
    INTO v_user, v_conversation, v_last, v_reserved, v_total
    FROM turns t
    WHERE t.id = p_turn AND t.lease_token IS NOT DISTINCT FROM p_lease AND t.status IN ('queued', 'running')
    FOR UPDATE;
  v_applied := FOUND AND v_last = p_from;
  IF NOT v_applied THEN
    -- This record was committed before and its answer lost, or the turn is another's: the append knows which.
    SELECT a.last_seq, a.applied, a.at INTO v_last, v_applied, v_at
      FROM append_turn_events(json_build_array(json_build_object(
        'turn', p_turn, 'lease', p_lease, 'from', p_from, 'events', p_events)), p_notify) a;
    IF NOT FOUND THEN
      RETURN;
    END IF;
    SELECT t.reserved_micro_credits, t.charged_micro_credits, t.conversation_id INTO v_reserved, v_total, v_conversation
      FROM turns t WHERE t.id = p_turn;
  ELSE
    v_at := clock_timestamp();
    v_last := p_from + n;
    IF n > 0 THEN
      INSERT INTO turn_events (turn_id, seq, type, step_id, at, data, lease)
        SELECT p_turn, p_from + e.place, e.type, e.step_id, v_at, e.data, p_lease
        FROM ROWS FROM (json_to_recordset(p_events) AS (type text, "stepId" uuid, data json))
          WITH ORDINALITY AS e(type, step_id, data, place);
    END IF;
    IF p_steps IS NOT NULL THEN
      INSERT INTO turn_steps (id, turn_id, key, index, kind, agent_id, agent_name, model_alias, requested_model,
        served_model, status, instruction, content, data, error, tool_calls, citations, prompt_tokens, completion_tokens,
        cached_tokens, total_tokens, charged_micro_credits, latency_ms, skip_requested_at, reused_from_step_id,
        prompt_version, started_at, finished_at)
      SELECT id, turn_id, key, index, kind, agent_id, agent_name, model_alias, requested_model,
        served_model, status, instruction, content, data, error, tool_calls, citations, prompt_tokens, completion_tokens,
        cached_tokens, total_tokens, charged_micro_credits, latency_ms, skip_requested_at, reused_from_step_id,
        prompt_version, started_at, finished_at
      FROM json_populate_recordset(null::turn_steps, p_steps)
      ON CONFLICT (turn_id, key) DO UPDATE SET
        status = excluded.status, requested_model = excluded.requested_model, served_model = excluded.served_model,
        model_alias = excluded.model_alias, prompt_version = excluded.prompt_version,
        instruction = excluded.instruction, content = excluded.content, data = excluded.data, error = excluded.error, tool_calls = excluded.tool_calls, citations = excluded.citations,
        prompt_tokens = excluded.prompt_tokens, completion_tokens = excluded.completion_tokens,
        cached_tokens = excluded.cached_tokens, total_tokens = excluded.total_tokens,
        charged_micro_credits = excluded.charged_micro_credits, latency_ms = excluded.latency_ms,
        started_at = excluded.started_at, finished_at = excluded.finished_at;
    END IF;
    IF p_journal IS NOT NULL THEN
      INSERT INTO call_journal (id, turn_id, step_key, call_no, attempt, kind, request_hash, model, status, response, finished_at)
      SELECT id, turn_id, step_key, call_no, attempt, kind, request_hash, model, status, response,
        CASE WHEN status <> 'intent' THEN now() END
      FROM json_populate_recordset(null::call_journal, p_journal)
      ON CONFLICT (id) DO UPDATE SET
        status = excluded.status, response = excluded.response, finished_at = excluded.finished_at,
        request_hash = excluded.request_hash;
    END IF;
    IF p_messages IS NOT NULL THEN
      INSERT INTO messages (id, turn_id, step_id, index, role, agent_id, agent_name, content, created_at)
      SELECT id, turn_id, step_id, index, role, agent_id, agent_name, content, created_at
      FROM json_populate_recordset(null::messages, p_messages)
      ON CONFLICT (turn_id, index) DO NOTHING;
    END IF;
    IF p_usage IS NOT NULL THEN
      FOR call IN
        INSERT INTO llm_call_events (id, user_id, room_id, direct_session_id, turn_id, step_id, agent_id, purpose, provider,
          model, model_alias, prompt_tokens, completion_tokens, cached_tokens, total_tokens, provider_cost_usd,
          credits_burned, latency_ms, first_token_ms, status, pricing_version, multiplier, request_id, error_code)
        SELECT id, user_id, room_id, direct_session_id, turn_id, step_id, agent_id, purpose, provider,
          model, model_alias, prompt_tokens, completion_tokens, cached_tokens, total_tokens, provider_cost_usd,
          credits_burned, latency_ms, first_token_ms, status, pricing_version, multiplier, request_id, error_code
        FROM json_populate_recordset(null::llm_call_events, p_usage)
        ON CONFLICT (id) DO NOTHING
        RETURNING id, user_id, credits_burned
      LOOP
        CONTINUE WHEN call.credits_burned = 0;
        v_left := charge_call(call.user_id, p_turn, call.id, call.credits_burned);
        v_charged := v_charged + call.credits_burned;
      END LOOP;
    END IF;
    IF p_tool_calls IS NOT NULL THEN
      FOR call IN
        INSERT INTO tool_call_events (id, user_id, turn_id, step_id, agent_id, tool, status, units, credits_burned,
          pricing_version, latency_ms)
        SELECT id, user_id, turn_id, step_id, agent_id, tool, status, units, credits_burned, pricing_version, latency_ms
        FROM json_populate_recordset(null::tool_call_events, p_tool_calls)
        ON CONFLICT (id) DO NOTHING
        RETURNING id, user_id, credits_burned
      LOOP
        CONTINUE WHEN call.credits_burned = 0;
        v_left := charge_call(call.user_id, p_turn, call.id, call.credits_burned);
        v_charged := v_charged + call.credits_burned;
      END LOOP;
    END IF;
    IF p_file_access IS NOT NULL THEN
      INSERT INTO file_access_events (id, user_id, file_id, turn_id, step_id, agent_id, action, pages, allowed)
      SELECT id, user_id, file_id, turn_id, step_id, agent_id, action, pages, allowed
      FROM json_populate_recordset(null::file_access_events, p_file_access)
      ON CONFLICT (id) DO NOTHING;
    END IF;
    IF p_summary IS NOT NULL THEN
      -- A message that was deleted since the history was read is in the summary, which must not be kept then. Its lock makes
      -- a deletion that is under way come before or after this, never beside it.
      PERFORM 1 FROM messages m
        WHERE m.turn_id IN (SELECT value::uuid FROM json_array_elements_text(p_summary->'covers')) FOR SHARE;
      INSERT INTO context_summaries (id, conversation_id, through_turn_id, content, tokens, model_alias)
      SELECT id, conversation_id, through_turn_id, content, tokens, model_alias
      FROM json_populate_record(null::context_summaries, p_summary)
      WHERE NOT EXISTS (SELECT 1 FROM messages m
        WHERE m.turn_id IN (SELECT value::uuid FROM json_array_elements_text(p_summary->'covers'))
          AND m.deleted_at >= (p_summary->>'readAt')::timestamptz)
      ON CONFLICT (through_turn_id) DO NOTHING;
    END IF;
    IF p_end IS NOT NULL THEN
      PERFORM release_hold(v_user, p_turn);
      UPDATE turns SET last_seq = v_last, status = p_end->>'status', error = (p_end->>'error')::jsonb,
        warnings = (p_end->'warnings')::jsonb, finished_at = (p_end->>'finished_at')::timestamptz,
        failed_steps = (p_end->>'failed_steps')::int, charged_micro_credits = charged_micro_credits + v_charged,
        reserved_micro_credits = 0, lease_token = NULL, lease_until = NULL
      WHERE id = p_turn
      RETURNING reserved_micro_credits, charged_micro_credits INTO v_reserved, v_total;
    ELSIF n > 0 OR p_failed > 0 OR v_charged > 0 THEN
      UPDATE turns SET last_seq = v_last, failed_steps = failed_steps + p_failed,
        charged_micro_credits = charged_micro_credits + v_charged,
        reserved_micro_credits = coalesce(v_left, reserved_micro_credits)
      WHERE id = p_turn
      RETURNING reserved_micro_credits, charged_micro_credits INTO v_reserved, v_total;
    END IF;
    IF p_checkpoint IS NOT NULL THEN
      v_checkpoint_error := put_checkpoint(p_checkpoint);
    END IF;
    IF p_notify AND n > 0 THEN
      PERFORM pg_notify('turn_events', p_turn || ':' || v_last || ' ');
    END IF;
  END IF;
  IF p_end IS NOT NULL THEN
    v_wait := EXISTS (SELECT 1 FROM turns q WHERE q.conversation_id = v_conversation AND q.status = 'queued');
  END IF;
  last_seq := v_last; applied := v_applied; at := v_at; reserved := v_reserved; charged := v_total; others_wait := v_wait;
  checkpoint_error := v_checkpoint_error;
  RETURN NEXT;
END $$;
