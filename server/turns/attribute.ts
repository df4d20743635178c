import type { Step } from '#server/turns/contract.ts';

/** Each reply is headed by its agent's name; what the manager planned is no reply. */
type Said = Pick<Step, 'kind' | 'agentName' | 'status' | 'content' | 'error'>;

export const BETWEEN = '\n\n';
export const BEGINS_ANEW = '\n\n_(begins anew)_\n\n';

export function isReply({ kind }: Pick<Step, 'kind'>): boolean {
  return kind !== 'manager';
}

export function heading(agentName: string): string {
  return `**${agentName}**\n\n`;
}

/** What follows a reply's text: why it has none, or no more of it. */
export function ending({ agentName, status, content, error }: Said): string {
  if (status !== 'failed') return '';
  const why = error?.message ?? 'no reply came.';
  return content === '' ? `**${agentName}** couldn’t answer: ${why}` : `${BETWEEN}_(${agentName} broke off: ${why})_`;
}

/** A whole turn as one text, in the order of its steps. */
export function attributedText(steps: readonly Said[]): string {
  return steps
    .filter(isReply)
    .map((step) => (step.content === '' ? '' : heading(step.agentName) + step.content) + ending(step))
    .filter((part) => part !== '')
    .join(BETWEEN);
}
