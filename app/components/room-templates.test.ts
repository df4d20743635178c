import { describe, expect, it } from 'vitest';
import { ZCreateAgent } from '#server/agents/contract.ts';
import { nameKey } from '#server/agents/name-key.ts';
import { ROOM_TEMPLATES } from '#app/components/room-templates.ts';

describe.each(ROOM_TEMPLATES)('UI-002: the template $name', ({ agents, mode, starter }) => {
  it('is a roster that a room takes as it is, on models that need no plan', () => {
    const seated = agents.map((agent) => ZCreateAgent.parse(agent));
    expect(new Set(seated.map(({ name }) => nameKey(name))).size).toBe(agents.length);
    for (const { modelAlias } of seated) expect(['llama', 'qwen', 'gpt_oss']).toContain(modelAlias);
  });

  it('has a first message that its mode answers', () => {
    expect(starter.startsWith('@')).toBe(mode === 'manual');
  });
});
