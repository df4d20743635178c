import { MemorySaver } from '@langchain/langgraph';
import { describe, expect, test } from 'vitest';
import { buildManual } from './manual.ts';
import { agentNamed, scriptedPorts } from './testing/scripted-ports.ts';
import { inThread } from './testing/in-thread.ts';

const roster = [agentNamed('Ana', 0), agentNamed('Bo Lin', 1), agentNamed('Critic', 2)];

describe('manual mode', () => {
  test('FR-MODE-001: exactly the tagged agents run, named by the order of their tags', async () => {
    const ports = scriptedPorts((key) => `Answer of ${key}`);
    const graph = buildManual(ports.portsFor).compile({ checkpointer: new MemorySaver() });
    const state = await graph.invoke({ message: '@Critic and @ana: why?', roster }, inThread());

    expect(state.replies.map(({ key, index, agentName, content }) => [key, index, agentName, content])).toEqual([
      ['agent:0', 0, 'Critic', 'Answer of agent:0'],
      ['agent:1', 1, 'Ana', 'Answer of agent:1'],
    ]);
    expect([...ports.recorded.keys()].sort()).toEqual(['agent:0', 'agent:1']);
    expect(state.failure).toBeNull();
  });

  test('FR-MODE-001: without a valid tag nobody runs', async () => {
    const ports = scriptedPorts(() => 'never');
    const state = await buildManual(ports.portsFor).compile().invoke({ message: 'Hello, @Nobody', roster });
    expect(ports.calls).toEqual([]);
    expect(state.failure?.code).toBe('no_valid_tags');
  });

  test('tagged agents run at the same time', async () => {
    let arrived = 0;
    let open = () => {};
    const everyone = new Promise<void>((resolve) => (open = resolve));
    const ports = scriptedPorts(async (key) => {
      arrived += 1;
      if (arrived === roster.length) open();
      await everyone;
      return key;
    });
    const state = await buildManual(ports.portsFor).compile().invoke({ message: '@all go', roster });
    expect(state.replies.map((reply) => reply.status)).toEqual(['completed', 'completed', 'completed']);
  });

  test('a failed agent is a reply with its status; the others still run', async () => {
    const ports = scriptedPorts((key) => (key === 'agent:0' ? { fail: 'busy' } : 'fine'));
    const state = await buildManual(ports.portsFor).compile().invoke({ message: '@all go', roster });
    expect(state.replies.map(({ agentName, status }) => [agentName, status])).toEqual([
      ['Ana', 'failed'],
      ['Bo Lin', 'completed'],
      ['Critic', 'completed'],
    ]);
  });

  test('FR-AGENT-006: an agent knows who is in the room, but not their roles, nor their answers', async () => {
    const ports = scriptedPorts((key) => `Answer of ${key}`);
    await buildManual(ports.portsFor).compile().invoke({ message: '@Ana @Critic why?', roster });
    const { spec, asks } = ports.step('agent:0');
    const read = ports.read('agent:0');
    expect(read).toContain('You are Ana');
    expect(read).toContain('The secret role of Ana.');
    expect(read).toContain('Also in the room: Bo Lin, Critic.');
    expect(read).not.toMatch(/secret role of (Bo Lin|Critic)/);
    expect(read).not.toContain('Answer of');
    expect(read).toContain("Don't greet, thank, call on or hand over to other agents");
    expect(asks[0]?.messages.at(-1)).toEqual({ role: 'user', content: '@Ana @Critic why?' });
    expect(spec).toMatchObject({ kind: 'agent', agentId: 'id-of-Ana', instruction: null, fileIds: null });
  });

  test('FR-AGENT-006: a reply that goes on as another agent is cut where that begins', async () => {
    const ports = scriptedPorts(() => 'Ana: Because.\n\nCritic: I disagree.');
    const state = await buildManual(ports.portsFor).compile().invoke({ message: '@Ana why?', roster });
    expect(state.replies[0]?.content).toBe('Because.');
  });

  test('memory comes between the role and the person’s own words, its summary set apart as data', async () => {
    const ports = scriptedPorts(() => 'ok', {
      summary: 'They spoke of ~~~ boats.',
      messages: [
        { role: 'user', content: 'Earlier question' },
        { role: 'assistant', content: 'Earlier answer' },
      ],
    });
    await buildManual(ports.portsFor).compile().invoke({ message: '@Ana {{name}} and now?', roster });
    const messages = ports.step('agent:0').asks[0]?.messages ?? [];
    expect(messages.map((message) => message.role)).toEqual(['system', 'user', 'assistant', 'user']);
    expect(messages[0]?.content).toContain('~~~~\nThey spoke of ~~~ boats.\n~~~~');
    expect(messages[3]?.content).toBe('@Ana {{name}} and now?');
    expect(ports.recalled).toEqual(['id-of-Ana']);
  });

  test('I5: after a fall half-way only what was not recorded is asked again, under the same names', async () => {
    let broken = true;
    const ports = scriptedPorts((key) => {
      if (key === 'agent:1' && broken) return { throw: new Error('the process fell over') };
      return `Answer of ${key}`;
    });
    const graph = buildManual(ports.portsFor).compile({ checkpointer: new MemorySaver() });
    const thread = inThread();
    await expect(graph.invoke({ message: '@all go', roster }, thread)).rejects.toThrow('the process fell over');
    broken = false;
    const state = await graph.invoke(null, thread);
    expect(state.replies.map((reply) => reply.content)).toEqual([
      'Answer of agent:0',
      'Answer of agent:1',
      'Answer of agent:2',
    ]);
    expect(ports.calls.filter((key) => key === 'agent:0')).toHaveLength(1);
    expect(ports.calls.filter((key) => key === 'agent:2')).toHaveLength(1);
  });

  test('I5: a replay from nothing finds every recorded step', async () => {
    const ports = scriptedPorts((key) => `Answer of ${key}`);
    const graph = buildManual(ports.portsFor).compile({ checkpointer: new MemorySaver() });
    const first = await graph.invoke({ message: '@Critic @Ana', roster }, inThread());
    const asked = ports.calls.length;
    const second = await graph.invoke({ message: '@Critic @Ana', roster }, inThread());
    expect(second.replies).toEqual(first.replies);
    expect(ports.calls).toHaveLength(asked);
  });
});
