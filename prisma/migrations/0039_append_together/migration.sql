-- The events of all turns of a flush in one pass over each table. What append_turn_events takes, promises and answers is as
-- before (0002_turn_events); a statement of its own per turn and table cost three times as much.
CREATE OR REPLACE FUNCTION append_turn_events(p_batch json)
RETURNS TABLE (turn_id uuid, last_seq int, applied boolean, at timestamptz)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_left int := json_array_length(p_batch);
  v_hint text := '';
  done record;
BEGIN
  at := clock_timestamp();
  FOR done IN
    WITH held AS MATERIALIZED (
      -- Locked in the batch's order, which is that of the turns: two who append to the same ones never wait for each other.
      SELECT t.id, t.last_seq, b.lease, b."from", b.events, b."from" + json_array_length(b.events) AS last
      FROM json_to_recordset(p_batch) AS b(turn uuid, lease uuid, "from" int, events json),
        LATERAL (
          SELECT t.id, t.last_seq FROM turns t
          WHERE t.id = b.turn AND t.lease_token IS NOT DISTINCT FROM b.lease AND t.status IN ('queued', 'running')
          FOR UPDATE
        ) t
    ), added AS (
      INSERT INTO turn_events (turn_id, seq, type, step_id, at, data, lease)
      SELECT h.id, h."from" + e.ordinality, e.value->>'type', (e.value->>'stepId')::uuid, at, e.value->'data', h.lease
      FROM held h, json_array_elements(h.events) WITH ORDINALITY AS e(value, ordinality)
      WHERE h.last_seq = h."from"
    ), moved AS (
      UPDATE turns t SET last_seq = h.last FROM held h WHERE t.id = h.id AND h.last_seq = h."from" AND h.last > h."from"
    )
    SELECT h.id, h.last, h.last_seq = h."from" AS applied, h.last_seq = h."from" AND h.last > h."from" AS news
    FROM held h WHERE h.last_seq IN (h."from", h.last)
  LOOP
    turn_id := done.id; last_seq := done.last; applied := done.applied;
    RETURN NEXT;
    v_left := v_left - 1;
    IF done.news THEN
      v_hint := v_hint || done.id || ':' || done.last || ' ';
      IF length(v_hint) > 7000 THEN
        PERFORM pg_notify('turn_events', v_hint);
        v_hint := '';
      END IF;
    END IF;
  END LOOP;
  IF v_hint <> '' THEN
    PERFORM pg_notify('turn_events', v_hint);
  END IF;
  IF v_left > 0 THEN
    -- A terminal append whose answer was lost has closed the turn and cleared its lease.
    RETURN QUERY
    SELECT t.id, t.last_seq, false, at
    FROM json_to_recordset(p_batch) AS b(turn uuid, lease uuid, "from" int, events json),
      LATERAL (SELECT json_array_length(b.events) AS n) c, turns t
    WHERE t.id = b.turn AND c.n > 0 AND t.last_seq = b."from" + c.n AND t.status NOT IN ('queued', 'running')
      AND EXISTS (SELECT 1 FROM turn_events e WHERE e.turn_id = t.id AND e.seq = t.last_seq
                    AND e.type = b.events->(c.n - 1)->>'type' AND e.lease = b.lease);
  END IF;
END $$;
