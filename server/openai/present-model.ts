import type { OpenAiModel } from '#server/openai/contract.ts';

type Named = { kind: OpenAiModel['pantheon']['kind']; id: string; name: string; createdAt: Date | string };

/** A conversation as OpenAI's API shows a model. */
export function presentModel({ kind, id, name, createdAt }: Named): OpenAiModel {
  const created = Math.floor(new Date(createdAt).getTime() / 1000);
  return { id: `${kind}:${id}`, object: 'model', created, owned_by: 'pantheon', pantheon: { kind, name } };
}
