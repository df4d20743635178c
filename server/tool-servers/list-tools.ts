import type { ToolServerAddress } from '#server/adapters/tool-server/port.ts';
import type { App } from '#server/app.ts';
import { AppError } from '#server/platform/errors.ts';
import type { ServerTool } from '#server/tool-servers/contract.ts';

/** Asks a server for its tools. Throws `invalid_input` at the field that is to blame when it doesn't tell. */
export async function listTools(
  { toolServers }: Pick<App, 'toolServers'>,
  { address, signal }: { address: ToolServerAddress; signal: AbortSignal },
): Promise<ServerTool[]> {
  const listed = await toolServers.list(address, { signal });
  if (listed.status === 'ok') return listed.tools;
  const path = listed.code === 'auth' ? 'secret' : 'url';
  throw new AppError('invalid_input', listed.message, { errors: [{ path, message: listed.message }] });
}
