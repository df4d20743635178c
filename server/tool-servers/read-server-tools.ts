import type { Agent } from '#server/agents/contract.ts';
import type { Tx } from '#server/platform/db.ts';
import type { ServerTool, TurnServerTool } from '#server/tool-servers/contract.ts';

/** More definitions than this many characters are not offered: they are part of every prompt. */
const MAX_CHARACTERS = 24_000;

/** The tools that somebody of a roster may use, of servers that are there and the person's own, as of now. */
export async function readServerTools(
  tx: Tx,
  { userId, roster }: { userId: string; roster: readonly Pick<Agent, 'toolPermissions'>[] },
): Promise<TurnServerTool[]> {
  const permitted = roster.flatMap(({ toolPermissions }) => toolPermissions.servers ?? []);
  if (permitted.length === 0) return [];
  const { rows } = await tx.query<{ id: string; name: string; tools: ServerTool[] }>(
    'SELECT id, name, tools FROM tool_servers WHERE user_id = $1 AND id = ANY($2::uuid[]) ORDER BY name, id',
    [userId, permitted.map(({ serverId }) => serverId)],
  );
  const handles = new Set<string>();
  let left = MAX_CHARACTERS;
  return rows.flatMap(({ id, name: server, tools }) =>
    tools
      .filter(({ name }) => permitted.some(({ serverId, tools }) => serverId === id && tools.includes(name)))
      .flatMap(({ name: tool, title, description, inputSchema: parameters }) => {
        const text = `A tool of the server “${server}”. ${description || title}`.trim();
        left -= text.length + JSON.stringify(parameters).length;
        if (left < 0) return [];
        const handle = handleFor(`${slug(server)}__${slug(tool)}`, handles);
        handles.add(handle);
        return { handle, serverId: id, server, tool, description: text, parameters };
      }),
  );
}

/** A function's name as every provider takes it. */
function slug(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]+/g, '_').replace(/^_+|_+$/g, '') || 'x';
}

function handleFor(wanted: string, taken: ReadonlySet<string>): string {
  const short = wanted.slice(0, 60);
  for (let number = 2, handle = short; ; number += 1) {
    if (!taken.has(handle)) return handle;
    handle = `${short}_${number}`;
  }
}
