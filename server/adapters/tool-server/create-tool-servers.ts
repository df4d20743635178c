import { createMcpToolServers } from '#server/adapters/tool-server/mcp.ts';
import type { ToolServerPort } from '#server/adapters/tool-server/port.ts';
import type { Env } from '#server/platform/env.ts';

export function createToolServers(env: Pick<Env, 'toolServersPrivate' | 'toolCallSeconds'>): ToolServerPort {
  return createMcpToolServers({ allowPrivate: env.toolServersPrivate, timeoutMs: env.toolCallSeconds * 1000 });
}
