import { z } from 'zod';
import type { ToolServer as Row } from '#server/platform/prisma/client.ts';
import { ZServerTool, type ToolServer } from '#server/tool-servers/contract.ts';

export function presentToolServer(row: Row): ToolServer {
  const { id, name, url, header, unasked } = row;
  return {
    id,
    name,
    url,
    header,
    hasSecret: row.secret !== null,
    tools: z
      .array(ZServerTool)
      .parse(row.tools)
      .map((tool) => ({ ...tool, asks: !unasked.includes(tool.name) })),
    listedAt: row.listedAt.toISOString(),
    createdAt: row.createdAt.toISOString(),
  };
}
