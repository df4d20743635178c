import type { SearchHit } from '#server/search/contract.ts';

/** Where a message that was found is read: its conversation, at the message. */
export function hitPath({ roomId, directSessionId, messageId }: SearchHit): string {
  const page = roomId === undefined ? `/direct/${directSessionId ?? ''}` : `/rooms/${roomId}`;
  return `${page}#message-${messageId}`;
}

/** Who said it: “You”, an agent’s name. */
export function speakerOf({ role, agentName }: SearchHit): string {
  return role === 'user' ? 'You' : (agentName ?? 'The manager');
}
