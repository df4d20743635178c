import type { Citation, Problem } from '#server/turns/contract.ts';

/** What a tool's call came to. */
export type ToolOutcome = {
  status: 'completed' | 'failed' | 'denied';
  /** What the model reads. */
  text: string;
  /** One line for the timeline. */
  summary: string;
  error: Problem | null;
  /** What is charged for: searches, or page-equivalents. */
  units: number;
  citations: Citation[];
  access: FileAccess[];
};

export type FileAccess = {
  fileId: string;
  action: 'list' | 'read' | 'search' | 'query';
  pages: number[] | null;
  allowed: boolean;
};

/** The model reads the reason, so that it can do without; people see it in the timeline. */
export function refused(
  status: 'failed' | 'denied',
  code: string,
  message: string,
  access: FileAccess[] = [],
): ToolOutcome {
  const text = status === 'denied' ? `Denied: ${message}` : `Failed: ${message}`;
  return { status, text, summary: message, error: { code, message }, units: 0, citations: [], access };
}
