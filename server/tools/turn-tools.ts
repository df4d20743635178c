import { z } from 'zod';
import type { Tx } from '#server/platform/db.ts';
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

/**
 * What the tools of a turn have to do with, as of now: the conversation's ready files and the pricing version's charges.
 * `attachedIds` must be among the conversation's files and be ready, else invalid_input.
 */
export async function readTurnTools(
  tx: Tx,
  given: { conversationId: string; pricingVersionId: number; attachedIds: string[] },
): Promise<{ files: TurnFile[]; toolCharges: ToolCharges }> {
  const attached = [...new Set(given.attachedIds)];
  const { rows } = await tx.query<{ files: TurnFile[]; charges: unknown; known: string[]; ready: string[] }>({
    name: 'read-turn-tools',
    text: `SELECT
       (SELECT coalesce(json_agg(f), '[]') FROM (
         SELECT id, name, mime_type AS "mimeType", coalesce(pages, 0) AS pages FROM files
         WHERE (room_id = $1 OR direct_session_id = $1) AND status = 'ready' AND deleted_at IS NULL
         ORDER BY (id = ANY($3::uuid[])) DESC, id DESC LIMIT ${MAX_FILES}) f) AS files,
       (SELECT metadata->'toolCharges' FROM pricing_versions WHERE id = $2) AS charges,
       ARRAY(SELECT id FROM files WHERE id = ANY($3::uuid[]) AND (room_id = $1 OR direct_session_id = $1)
         AND deleted_at IS NULL)::text[] AS known,
       ARRAY(SELECT id FROM files WHERE id = ANY($3::uuid[]) AND (room_id = $1 OR direct_session_id = $1)
         AND deleted_at IS NULL AND status = 'ready')::text[] AS ready`,
    values: [given.conversationId, given.pricingVersionId, attached],
  });
  const row = rows[0];
  if (!row) throw new Error('A select without a table has one row.');
  assertAttached(attached, row);
  const charges = ZToolCharges.safeParse(row.charges);
  const free = { searchMicroCreditsPerCall: '0', fileReadMicroCreditsPerPage: '0' };
  return { files: row.files, toolCharges: charges.success ? charges.data : free };
}

function assertAttached(attached: string[], { known, ready }: { known: string[]; ready: string[] }): void {
  if (attached.length === ready.length) return;
  const message =
    attached.length === known.length
      ? 'An attached file is still being read, or could not be read. Wait for it, or take it off the message.'
      : 'An attached file is not in this conversation.';
  throw new AppError('invalid_input', message, { errors: [{ path: 'fileIds', message }] });
}
