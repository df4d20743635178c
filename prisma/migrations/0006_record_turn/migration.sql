-- What a turn's holder records is one statement, and so one transaction and one trip: the fenced append of its events and
-- everything that comes of them.
--   p_append:  {turn, lease, from, events}, as append_turn_events takes it
--   p_changes: {steps, journal, usage, messages, toolCalls, fileAccess, summary, end}, each optional; rows by column names
-- `others_wait`: with the turn's end, whether its conversation has queued ones.
-- No row: another process holds the turn. `applied` false: this very record was committed before, and nothing is written.
-- Each part is harmless twice, so that a record without events, which can't be recognised, may be repeated as well.
CREATE FUNCTION record_turn(p_append json, p_changes json)
RETURNS TABLE (last_seq int, applied boolean, at timestamptz, reserved bigint, charged bigint, others_wait boolean)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_turn uuid := (p_append->>'turn')::uuid;
  v_last int;
  v_applied boolean;
  v_at timestamptz;
  v_failed int := 0;
  v_charged bigint := 0;
  v_left bigint;
  v_end json := p_changes->'end';
  call record;
BEGIN
  SELECT a.last_seq, a.applied, a.at INTO v_last, v_applied, v_at
    FROM append_turn_events(json_build_array(p_append)) a;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  IF v_applied THEN
    IF p_changes->'steps' IS NOT NULL THEN
      INSERT INTO turn_steps (id, turn_id, key, index, kind, agent_id, agent_name, model_alias, requested_model,
        served_model, status, instruction, content, data, error, tool_calls, citations, prompt_tokens, completion_tokens,
        cached_tokens, total_tokens, charged_micro_credits, latency_ms, skip_requested_at, reused_from_step_id,
        started_at, finished_at)
      SELECT id, turn_id, key, index, kind, agent_id, agent_name, model_alias, requested_model,
        served_model, status, instruction, content, data, error, tool_calls, citations, prompt_tokens, completion_tokens,
        cached_tokens, total_tokens, charged_micro_credits, latency_ms, skip_requested_at, reused_from_step_id,
        started_at, finished_at
      FROM json_populate_recordset(null::turn_steps, p_changes->'steps')
      ON CONFLICT (turn_id, key) DO UPDATE SET
        status = excluded.status, requested_model = excluded.requested_model, served_model = excluded.served_model,
        model_alias = excluded.model_alias, instruction = excluded.instruction, content = excluded.content,
        data = excluded.data, error = excluded.error, tool_calls = excluded.tool_calls, citations = excluded.citations,
        prompt_tokens = excluded.prompt_tokens, completion_tokens = excluded.completion_tokens,
        cached_tokens = excluded.cached_tokens, total_tokens = excluded.total_tokens,
        charged_micro_credits = excluded.charged_micro_credits, latency_ms = excluded.latency_ms,
        started_at = excluded.started_at, finished_at = excluded.finished_at;
      SELECT count(*) INTO v_failed FROM json_array_elements(p_changes->'steps') s WHERE s->>'status' = 'failed';
    END IF;
    IF p_changes->'journal' IS NOT NULL THEN
      INSERT INTO call_journal (id, turn_id, step_key, call_no, attempt, kind, request_hash, model, status, response, finished_at)
      SELECT id, turn_id, step_key, call_no, attempt, kind, request_hash, model, status, response,
        CASE WHEN status <> 'intent' THEN now() END
      FROM json_populate_recordset(null::call_journal, p_changes->'journal')
      ON CONFLICT (id) DO UPDATE SET
        status = excluded.status, response = excluded.response, finished_at = excluded.finished_at;
    END IF;
    IF p_changes->'messages' IS NOT NULL THEN
      INSERT INTO messages (id, turn_id, step_id, index, role, agent_id, agent_name, content, created_at)
      SELECT id, turn_id, step_id, index, role, agent_id, agent_name, content, created_at
      FROM json_populate_recordset(null::messages, p_changes->'messages')
      ON CONFLICT (turn_id, index) DO NOTHING;
    END IF;
    IF p_changes->'usage' IS NOT NULL THEN
      FOR call IN
        INSERT INTO llm_call_events (id, user_id, room_id, direct_session_id, turn_id, step_id, agent_id, purpose, provider,
          model, model_alias, prompt_tokens, completion_tokens, cached_tokens, total_tokens, provider_cost_usd,
          credits_burned, latency_ms, first_token_ms, status, pricing_version, multiplier, request_id, error_code)
        SELECT id, user_id, room_id, direct_session_id, turn_id, step_id, agent_id, purpose, provider,
          model, model_alias, prompt_tokens, completion_tokens, cached_tokens, total_tokens, provider_cost_usd,
          credits_burned, latency_ms, first_token_ms, status, pricing_version, multiplier, request_id, error_code
        FROM json_populate_recordset(null::llm_call_events, p_changes->'usage')
        ON CONFLICT (id) DO NOTHING
        RETURNING id, user_id, credits_burned
      LOOP
        CONTINUE WHEN call.credits_burned = 0;
        v_left := charge_call(call.user_id, v_turn, call.id, call.credits_burned);
        v_charged := v_charged + call.credits_burned;
      END LOOP;
    END IF;
    IF p_changes->'toolCalls' IS NOT NULL THEN
      FOR call IN
        INSERT INTO tool_call_events (id, user_id, turn_id, step_id, agent_id, tool, status, units, credits_burned,
          pricing_version, latency_ms)
        SELECT id, user_id, turn_id, step_id, agent_id, tool, status, units, credits_burned, pricing_version, latency_ms
        FROM json_populate_recordset(null::tool_call_events, p_changes->'toolCalls')
        ON CONFLICT (id) DO NOTHING
        RETURNING id, user_id, credits_burned
      LOOP
        CONTINUE WHEN call.credits_burned = 0;
        v_left := charge_call(call.user_id, v_turn, call.id, call.credits_burned);
        v_charged := v_charged + call.credits_burned;
      END LOOP;
    END IF;
    IF p_changes->'fileAccess' IS NOT NULL THEN
      INSERT INTO file_access_events (id, user_id, file_id, turn_id, step_id, agent_id, action, pages, allowed)
      SELECT id, user_id, file_id, turn_id, step_id, agent_id, action, pages, allowed
      FROM json_populate_recordset(null::file_access_events, p_changes->'fileAccess')
      ON CONFLICT (id) DO NOTHING;
    END IF;
    IF p_changes->'summary' IS NOT NULL THEN
      -- A message that was deleted since the history was read is in the summary, which must not be kept then. Its lock makes
      -- a deletion that is under way come before or after this, never beside it.
      PERFORM 1 FROM messages m
        WHERE m.turn_id IN (SELECT value::uuid FROM json_array_elements_text(p_changes->'summary'->'covers')) FOR SHARE;
      INSERT INTO context_summaries (id, conversation_id, through_turn_id, content, tokens, model_alias)
      SELECT id, conversation_id, through_turn_id, content, tokens, model_alias
      FROM json_populate_record(null::context_summaries, p_changes->'summary')
      WHERE NOT EXISTS (SELECT 1 FROM messages m
        WHERE m.turn_id IN (SELECT value::uuid FROM json_array_elements_text(p_changes->'summary'->'covers'))
          AND m.deleted_at >= (p_changes->'summary'->>'readAt')::timestamptz)
      ON CONFLICT (through_turn_id) DO NOTHING;
    END IF;
    IF v_end IS NOT NULL THEN
      PERFORM release_hold(t.user_id, t.id) FROM turns t WHERE t.id = v_turn;
      UPDATE turns SET status = v_end->>'status', error = (v_end->>'error')::jsonb, warnings = (v_end->'warnings')::jsonb,
        finished_at = (v_end->>'finished_at')::timestamptz, failed_steps = (v_end->>'failed_steps')::int,
        charged_micro_credits = charged_micro_credits + v_charged, reserved_micro_credits = 0,
        lease_token = NULL, lease_until = NULL
      WHERE id = v_turn;
    ELSIF v_failed > 0 OR v_charged > 0 THEN
      UPDATE turns SET failed_steps = failed_steps + v_failed, charged_micro_credits = charged_micro_credits + v_charged,
        reserved_micro_credits = coalesce(v_left, reserved_micro_credits)
      WHERE id = v_turn;
    END IF;
  END IF;
  RETURN QUERY SELECT v_last, v_applied, v_at, t.reserved_micro_credits, t.charged_micro_credits,
      v_end IS NOT NULL AND EXISTS (
        SELECT 1 FROM turns q WHERE q.conversation_id = t.conversation_id AND q.status = 'queued')
    FROM turns t WHERE t.id = v_turn;
END $$;

-- Sets a turn's worst case aside under the user's monthly cap: what was spent since the month began and what is set aside,
-- this turn's included, must not pass it. `held` false: the credits don't reach (nothing changes); `cap` not null: with it
-- the cap is passed, and the caller rolls back.
CREATE FUNCTION hold_for_turn(p_user uuid, p_turn uuid, p_amount bigint)
RETURNS TABLE (held boolean, passed_cap bigint)
LANGUAGE plpgsql AS $$
DECLARE
  v_held boolean := hold_credits(p_user, p_turn, p_amount);
  v_cap bigint := (SELECT u.monthly_cap_micro_credits FROM users u WHERE u.id = p_user);
BEGIN
  IF v_cap IS NULL OR v_cap >= (SELECT w.held_micro_credits FROM credit_wallets w WHERE w.user_id = p_user)
      + (SELECT coalesce(-sum(t.held_delta), 0) FROM credit_transactions t
         WHERE t.user_id = p_user AND t.kind = 'charge' AND t.created_at >= date_trunc('month', now())) THEN
    v_cap := NULL;
  END IF;
  RETURN QUERY SELECT v_held, v_cap;
END $$;
