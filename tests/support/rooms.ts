import type { z } from 'zod';
import type { Agent, ZCreateAgent } from '#server/agents/contract.ts';
import type { DirectSession } from '#server/direct/contract.ts';
import type { Mode, Room } from '#server/rooms/contract.ts';
import { unexpected, type Client } from './client.ts';

/** A name alone, or whatever matters to the test. */
export type AgentSpec = string | Partial<z.input<typeof ZCreateAgent>>;

export type TestRoom = Room & { agents: Agent[] };

/** A room with these agents in it, in this order. `mode` is pending until the first send, as for everyone. */
export async function createRoom(
  client: Client,
  { name = 'Test room', mode, agents = [] }: { name?: string; mode?: Mode; agents?: AgentSpec[] } = {},
): Promise<TestRoom> {
  const created = await client.post<Room>('/rooms', { name });
  if (created.status !== 201) throw unexpected('The room was not made', created);
  const roomId = created.body.id;
  const seated = await addAgents(client, roomId, agents);
  if (mode) await setMode(client, roomId, mode);
  return { ...created.body, pendingMode: mode ?? null, agents: seated };
}

export async function addAgents(client: Client, roomId: string, agents: AgentSpec[]): Promise<Agent[]> {
  const seated: Agent[] = [];
  for (const agent of agents) {
    const added = await client.post<Agent>(`/rooms/${roomId}/agents`, agentBody(agent));
    if (added.status !== 201) throw unexpected('The agent was not added', added);
    seated.push(added.body);
  }
  return seated;
}

export async function setMode(client: Client, roomId: string, mode: Mode): Promise<Room> {
  const changed = await client.put<Room>(`/rooms/${roomId}/mode`, { mode });
  if (changed.status !== 200) throw unexpected('The mode was not changed', changed);
  return changed.body;
}

export async function createDirectSession(client: Client, agent: AgentSpec = 'Ada'): Promise<DirectSession> {
  const created = await client.post<DirectSession>('/direct-sessions', { agent: agentBody(agent) });
  if (created.status !== 201) throw unexpected('The direct chat was not made', created);
  return created.body;
}

function agentBody(agent: AgentSpec): Partial<z.input<typeof ZCreateAgent>> {
  const given = typeof agent === 'string' ? { name: agent } : agent;
  return { name: 'Ada', modelAlias: 'llama', rolePrompt: `You are ${given.name ?? 'Ada'}.`, ...given };
}
