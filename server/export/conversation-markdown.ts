import type { ExportedTurn } from '#server/export/contract.ts';

/** A conversation as a person reads it. */
export function conversationMarkdown(title: string, turns: readonly ExportedTurn[]): string {
  const parts = [`# ${title}`];
  for (const { at, message, replies } of turns) {
    parts.push(`## You${at === undefined ? '' : ` · ${at.slice(0, 16).replace('T', ' ')} UTC`}`, message);
    for (const { agentName, content } of replies) parts.push(`### ${agentName}`, content);
  }
  return `${parts.join('\n\n')}\n`;
}
