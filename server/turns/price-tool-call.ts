import { isTool, type PermittedCall } from '#server/tools/gate.ts';
import { TOOL_LIMITS } from '#server/tools/limits.ts';
import type { ToolOutcome } from '#server/tools/outcome.ts';
import type { Run } from '#server/turns/run.ts';

/** What a call's outcome is charged, in micro-credits: one that failed, nothing. */
export function priceOf(run: Run, tool: string, { status, units }: ToolOutcome): bigint {
  if (status !== 'completed') return 0n;
  return BigInt(units) * unitPrice(run, tool);
}

/** The most that a call can come to be charged. */
export function mostOf(run: Run, { tool }: PermittedCall): bigint {
  const units =
    tool === 'list_files' || tool === 'mcp'
      ? 0
      : tool === 'read_file'
        ? TOOL_LIMITS.pagesPerCall
        : tool === 'search_files'
          ? 8
          : 1;
  return BigInt(units) * unitPrice(run, tool);
}

function unitPrice(run: Run, tool: string): bigint {
  const charges = run.turn.snapshot.toolCharges;
  // A tool server's own price is between it and the person.
  if (!charges || !isTool(tool)) return 0n;
  return BigInt(tool === 'search_web' ? charges.searchMicroCreditsPerCall : charges.fileReadMicroCreditsPerPage);
}
