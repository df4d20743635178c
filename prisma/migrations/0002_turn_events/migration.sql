-- The open turns of a conversation: what a claim and a sweep look at. Small, and on no column that a lease
-- renewal or a sequence number changes, so that those updates stay heap-only.
CREATE INDEX turns_open_idx ON turns (conversation_id, queue_position) WHERE status IN ('queued', 'running');

-- Appends events to turns. The only writer of turn_events and of turns.last_seq.
--   p_batch: [{turn, lease, from, events: [{type, stepId?, data}]}], ascending by turn
-- A turn's events are appended only while its row carries `lease` (null: not yet claimed) and its last_seq is `from`.
-- If last_seq is already from + n the same append was committed before (its answer was lost): the row says so
-- and nothing is written. A turn that is missing from the result has another holder.
-- Sequence numbers are taken under the turn's row lock, so their order is the order of commits, without a gap.
CREATE FUNCTION append_turn_events(p_batch json)
RETURNS TABLE (turn_id uuid, last_seq int, applied boolean, at timestamptz)
LANGUAGE plpgsql AS $$
DECLARE
  item json;
  n int;
  v_turn uuid;
  v_lease uuid;
  v_from int;
  v_last int;
  v_now timestamptz := clock_timestamp();
  v_hint text := '';
BEGIN
  FOR item IN SELECT value FROM json_array_elements(p_batch) LOOP
    v_turn := (item->>'turn')::uuid;
    v_lease := (item->>'lease')::uuid;
    v_from := (item->>'from')::int;
    n := json_array_length(item->'events');
    SELECT t.last_seq INTO v_last FROM turns t
      WHERE t.id = v_turn AND t.lease_token IS NOT DISTINCT FROM v_lease AND t.status IN ('queued', 'running')
      FOR UPDATE;
    IF NOT FOUND THEN
      -- A terminal append whose answer was lost has closed the turn and cleared its lease.
      IF n > 0 THEN
        SELECT t.last_seq INTO v_last FROM turns t WHERE t.id = v_turn AND t.last_seq = v_from + n
          AND t.status NOT IN ('queued', 'running')
          AND EXISTS (SELECT 1 FROM turn_events e WHERE e.turn_id = v_turn AND e.seq = v_from + n
                        AND e.type = item->'events'->(n - 1)->>'type' AND e.lease = v_lease);
        IF FOUND THEN
          turn_id := v_turn; last_seq := v_last; applied := false; at := v_now;
          RETURN NEXT;
        END IF;
      END IF;
      CONTINUE;
    END IF;
    IF v_last = v_from THEN
      IF n > 0 THEN
        INSERT INTO turn_events (turn_id, seq, type, step_id, at, data, lease)
          SELECT v_turn, v_from + e.ordinality, e.value->>'type', (e.value->>'stepId')::uuid, v_now, e.value->'data', v_lease
          FROM json_array_elements(item->'events') WITH ORDINALITY AS e(value, ordinality);
        UPDATE turns SET last_seq = v_from + n WHERE id = v_turn;
        v_hint := v_hint || v_turn || ':' || (v_from + n) || ' ';
        IF length(v_hint) > 7000 THEN
          PERFORM pg_notify('turn_events', v_hint);
          v_hint := '';
        END IF;
      END IF;
      turn_id := v_turn; last_seq := v_from + n; applied := true; at := v_now;
      RETURN NEXT;
    ELSIF n > 0 AND v_last = v_from + n THEN
      turn_id := v_turn; last_seq := v_last; applied := false; at := v_now;
      RETURN NEXT;
    END IF;
  END LOOP;
  IF v_hint <> '' THEN
    PERFORM pg_notify('turn_events', v_hint);
  END IF;
END $$;

-- The lease under which an event was written: tells a repeated append from another's.
ALTER TABLE turn_events ADD COLUMN lease uuid;
