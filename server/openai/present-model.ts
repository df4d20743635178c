import type { OpenAiModel } from '#server/openai/contract.ts';

type Dated = { id: string; createdAt: Date | string };

export function modelOfRoom(room: Dated & { name: string }): OpenAiModel {
  return present('room', room, room.name);
}

export function modelOfDirectSession(session: Dated & { title: string }): OpenAiModel {
  return present('direct', session, session.title);
}

function present(kind: OpenAiModel['pantheon']['kind'], { id, createdAt }: Dated, name: string): OpenAiModel {
  const created = Math.floor(new Date(createdAt).getTime() / 1000);
  return { id: `${kind}:${id}`, object: 'model', created, owned_by: 'pantheon', pantheon: { kind, name } };
}
