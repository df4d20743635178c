import type { App } from '#server/app.ts';
import { csvQuery } from '#server/tools/csv-query.ts';
import type { PermittedCall } from '#server/tools/gate.ts';
import { listFiles } from '#server/tools/list-files.ts';
import { refused, type ToolOutcome } from '#server/tools/outcome.ts';
import { readFile } from '#server/tools/read-file.ts';
import { searchFiles } from '#server/tools/search-files.ts';
import { searchWeb } from '#server/tools/search-web.ts';
import { useServerTool } from '#server/tools/use-server-tool.ts';
import type { Citation } from '#server/turns/contract.ts';

export type ToolApp = Pick<App, 'db' | 'search' | 'storage' | 'parser' | 'toolServers' | 'env'>;

export type ToolSituation = {
  userId: string;
  conversationId: string;
  /** The numbered sources of the turn; new ones are added. */
  citations: Citation[];
  /** True once a file was read in the turn: a query may then carry what it says. */
  guarded: boolean;
  /** Characters that the result may have. */
  characters: number;
  signal: AbortSignal;
};

/** Carries out a call that the gate has let pass. What goes wrong is an outcome that the model reads. */
export async function useTool(app: ToolApp, call: PermittedCall, situation: ToolSituation): Promise<ToolOutcome> {
  if (!(await areStillThere(app, call, situation.conversationId))) {
    return refused('failed', 'file_gone', 'The file was deleted in the meantime.');
  }
  switch (call.tool) {
    case 'search_web':
      return searchWeb(app, call.args, situation);
    case 'list_files':
      return listFiles(call.files);
    case 'read_file':
      return readFile(app, call, situation);
    case 'search_files':
      return searchFiles(app, call, situation);
    case 'csv_query':
      return csvQuery(app, call, situation);
    case 'mcp':
      return useServerTool(app, call, situation);
  }
}

/** The snapshot says what may be read; what was deleted or moved since then may not. */
async function areStillThere({ db }: ToolApp, call: PermittedCall, conversationId: string): Promise<boolean> {
  const files = 'file' in call ? [call.file] : 'files' in call ? call.files : [];
  if (files.length === 0 || call.tool === 'list_files') return true;
  const { rows } = await db.query<{ there: number }>(
    `SELECT count(*)::int AS there FROM files WHERE id = ANY($1::uuid[]) AND status = 'ready' AND deleted_at IS NULL
       AND (room_id = $2 OR direct_session_id = $2)`,
    [files.map(({ id }) => id), conversationId],
  );
  const there = rows[0]?.there ?? 0;
  return call.tool === 'search_files' ? there > 0 : there === files.length;
}
