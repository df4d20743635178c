-- AlterTable
ALTER TABLE "turn_steps" ADD COLUMN "prompt_version" TEXT;

-- record_turn names the columns that it writes. This adds one to them and leaves the rest of its body as it is by now.
DO $$
DECLARE
  v_body text := pg_get_functiondef('record_turn(json, json)'::regprocedure);
BEGIN
  v_body := replace(v_body, 'reused_from_step_id,', 'reused_from_step_id, prompt_version,');
  v_body := replace(v_body, 'model_alias = excluded.model_alias,', 'model_alias = excluded.model_alias, prompt_version = excluded.prompt_version,');
  EXECUTE v_body;
END $$;
