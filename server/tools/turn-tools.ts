import { z } from 'zod';
import { AppError } from '#server/platform/errors.ts';

/** A file that may be read in a turn: one that was ready when the message was accepted. */
export const ZTurnFile = z.object({ id: z.uuid(), name: z.string(), mimeType: z.string(), pages: z.int() });
export type TurnFile = z.infer<typeof ZTurnFile>;

/** Micro-credits as text. */
export const ZToolCharges = z.object({
  searchMicroCreditsPerCall: z.string(),
  fileReadMicroCreditsPerPage: z.string(),
});
export type ToolCharges = z.infer<typeof ZToolCharges>;

/** More files than this are not offered by name; the attached and the newest come first. */
const MAX_FILES = 100;

/** What the tools of a turn have to do with, as it was read; `known` and `ready` count the attached ones that are so. */
export type GivenTools = { files: TurnFile[]; toolCharges: unknown; attached: { known: number; ready: number } };

/**
 * GivenTools as columns, of a query that has a pricing version `v` and these parameters: the conversation's id, and the
 * attached files' ids.
 */
export const givenTools = (conversation: string, attached: string) => `
  (SELECT coalesce(json_agg(f), '[]') FROM (
    SELECT id, name, mime_type AS "mimeType", coalesce(pages, 0) AS pages FROM files
    WHERE (room_id = ${conversation} OR direct_session_id = ${conversation}) AND status = 'ready' AND deleted_at IS NULL
    ORDER BY (id = ANY(${attached}::uuid[])) DESC, id DESC LIMIT ${MAX_FILES}) f) AS files,
  v.metadata->'toolCharges' AS "toolCharges",
  (SELECT json_build_object('known', count(*), 'ready', count(*) FILTER (WHERE status = 'ready')) FROM files
   WHERE id = ANY(${attached}::uuid[]) AND (room_id = ${conversation} OR direct_session_id = ${conversation})
     AND deleted_at IS NULL) AS attached`;

/**
 * The conversation's ready files and what tools cost. `attachedIds` must be among the conversation's files and be ready,
 * else invalid_input.
 */
export function turnTools(
  given: GivenTools,
  attachedIds: readonly string[],
): { files: TurnFile[]; toolCharges: ToolCharges } {
  assertAttached(new Set(attachedIds).size, given.attached);
  const charges = ZToolCharges.safeParse(given.toolCharges);
  const free = { searchMicroCreditsPerCall: '0', fileReadMicroCreditsPerPage: '0' };
  return { files: given.files, toolCharges: charges.success ? charges.data : free };
}

function assertAttached(wanted: number, { known, ready }: GivenTools['attached']): void {
  if (wanted === ready) return;
  const message =
    wanted === known
      ? 'An attached file is still being read, or could not be read. Wait for it, or take it off the message.'
      : 'An attached file is not in this conversation.';
  throw new AppError('invalid_input', message, { errors: [{ path: 'fileIds', message }] });
}
