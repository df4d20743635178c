import { MemorySaver } from '@langchain/langgraph';
import { describe, expect, test } from 'vitest';
import { buildOrchestrator } from './orchestrator.ts';
import type { Assignment } from './ports.ts';
import { inThread } from './testing/in-thread.ts';
import { agentNamed, scriptedPorts, type Line } from './testing/scripted-ports.ts';

const roster = [
  agentNamed('Ana', 0, { toolPermissions: { search: true, files: true } }),
  agentNamed('Bo', 1),
  agentNamed('Critic', 2),
];
const input = { message: 'Shall we?', roster, manager: { modelAlias: 'deepseek', fallbackAlias: 'qwen' } };

function plan(...assignments: Assignment[]): string {
  return JSON.stringify({ rationale: 'They know.', assignments });
}
const work = (agent: string, group: number, files?: string[]): Assignment => ({
  agent,
  instruction: `What ${agent} is to do`,
  group,
  ...(files && { files }),
});
/** Ana and Bo at once, then Critic. */
const PLAN = plan(work('Critic', 20), work('Ana', 10), work('Bo', 10));

function run(script: (key: string, asked: number) => Line | Promise<Line>, given: object = input) {
  const ports = scriptedPorts(script);
  const graph = buildOrchestrator(ports.portsFor).compile({ checkpointer: new MemorySaver() });
  return { ports, graph, finished: graph.invoke({ ...input, ...given }, inThread()) };
}

describe('orchestrator', () => {
  test('FR-MODE-003, AT-005: manager, workers group by group, synthesis', async () => {
    const { ports, finished } = run((key) => (key === 'manager' ? PLAN : `Answer of ${key}`));
    const state = await finished;
    expect(state.replies.map(({ key, index, kind, agentName }) => [key, index, kind, agentName])).toEqual([
      ['manager', 0, 'manager', 'Manager'],
      ['work:1.0', 1, 'agent', 'Ana'],
      ['work:1.1', 2, 'agent', 'Bo'],
      ['work:2.0', 3, 'agent', 'Critic'],
      ['synthesis', 4, 'synthesis', 'Manager'],
    ]);
    expect(ports.calls.indexOf('work:2.0')).toBe(3);
    expect(ports.step('manager').spec).toMatchObject({ agentId: null, modelAlias: 'deepseek', fallbackAlias: 'qwen' });
    expect(ports.step('manager').result.content).toBe('They know.');
    expect(state.plan?.assignments.map(({ agent, group }) => [agent, group])).toEqual([
      ['Ana', 1],
      ['Bo', 1],
      ['Critic', 2],
    ]);
  });

  test('workers of one group run at the same time', async () => {
    let arrived = 0;
    let open = () => {};
    const both = new Promise<void>((resolve) => (open = resolve));
    const { finished } = run(async (key) => {
      if (key === 'manager') return PLAN;
      if (!key.startsWith('work:1.')) return 'ok';
      arrived += 1;
      if (arrived === 2) open();
      await both;
      return 'ok';
    });
    expect((await finished).replies).toHaveLength(5);
  });

  test('the plan is asked for as a strict JSON schema with the roster as an inline enum', async () => {
    const { ports, finished } = run((key) => (key === 'manager' ? plan(work('Bo', 1)) : 'ok'));
    await finished;
    const structured = ports.step('manager').asks[0]?.structured;
    expect(structured).toMatchObject({
      name: 'plan',
      schema: {
        type: 'object',
        additionalProperties: false,
        required: ['rationale', 'assignments'],
        properties: {
          assignments: {
            type: 'array',
            items: {
              additionalProperties: false,
              required: ['agent', 'instruction', 'group'],
              properties: { agent: { type: 'string', enum: ['Ana', 'Bo', 'Critic'] }, group: { type: 'integer' } },
            },
          },
        },
      },
    });
    expect(ports.step('work:1.0').asks[0]?.structured).toBeUndefined();
  });

  test('what each is given to read: the manager the roles, a worker its instruction and earlier groups, the synthesis all replies', async () => {
    const { ports, finished } = run((key) => (key === 'manager' ? PLAN : `Answer of ${key}`));
    await finished;
    for (const { name } of roster) expect(ports.read('manager')).toContain(`The secret role of ${name}.`);
    expect(ports.read('manager')).toContain('Ana (can search the web and read files)');

    expect(ports.read('work:1.1')).toContain('What Bo is to do');
    expect(ports.read('work:1.1')).not.toContain('What Ana is to do');
    expect(ports.read('work:1.1')).not.toContain('Answer of');
    expect(ports.read('work:1.1')).not.toMatch(/secret role of (Ana|Critic)/);
    expect(ports.step('work:1.1').spec.instruction).toBe('What Bo is to do');

    expect(ports.read('work:2.0')).toContain('Ana wrote:\n~~~\nAnswer of work:1.0\n~~~');
    expect(ports.read('work:2.0')).toContain('Bo wrote:\n~~~\nAnswer of work:1.1\n~~~');

    for (const key of ['work:1.0', 'work:1.1', 'work:2.0'])
      expect(ports.read('synthesis')).toContain(`Answer of ${key}`);
    for (const key of ['manager', 'work:1.0', 'work:2.0', 'synthesis']) {
      expect(ports.step(key).asks[0]?.messages.at(-1)).toEqual({ role: 'user', content: 'Shall we?' });
    }
  });

  test('one agent may work twice, and one worker is summed up too', async () => {
    const twice = run((key) => (key === 'manager' ? plan(work('Bo', 1), work('Bo', 2)) : 'ok'));
    expect((await twice.finished).replies.map((reply) => reply.key)).toEqual([
      'manager',
      'work:1.0',
      'work:2.0',
      'synthesis',
    ]);
    const once = run((key) => (key === 'manager' ? plan(work('Bo', 7)) : 'ok'));
    expect((await once.finished).replies.map((reply) => reply.key)).toEqual(['manager', 'work:1.0', 'synthesis']);
  });

  describe('a plan that can’t be used', () => {
    test.each<[string, string, RegExp]>([
      ['no JSON', 'I would ask Ana.', /not the JSON object/],
      ['nothing', '', /not the JSON object/],
      ['another shape', '{"agents":["Ana"]}', /assignments/],
      [
        'a number for an instruction',
        '{"rationale":"","assignments":[{"agent":"Ana","instruction":1,"group":1}]}',
        /instruction/,
      ],
      ['nobody', plan(), /at least one assignment/],
      [
        'an unknown agent',
        plan(work('Ana', 1), work('Zed', 1)),
        /no agent called “Zed”; the agents are “Ana”, “Bo”, “Critic”/,
      ],
      ['too many', plan(...Array.from({ length: 13 }, () => work('Ana', 1))), /at most 12/],
      ['an unknown file', plan(work('Ana', 1, ['x.pdf'])), /no file called “x.pdf”/],
    ])('%s is sent back with what is wrong, then a good one is taken', async (_what, bad, wrong) => {
      const { ports, finished } = run((key, asked) => (key !== 'manager' ? 'ok' : asked === 1 ? bad : PLAN));
      expect((await finished).replies).toHaveLength(5);
      const { asks } = ports.step('manager');
      expect(asks).toHaveLength(2);
      expect(asks[1]?.messages.at(-2)?.role).toBe('assistant');
      expect(asks[1]?.messages.at(-1)?.content).toMatch(wrong);
      expect(asks[1]?.structured).toEqual(asks[0]?.structured);
    });

    test('after two corrections the routing fails in plain words and nobody works', async () => {
      const { ports, finished } = run(() => plan(work('Zed', 1)));
      const state = await finished;
      expect(ports.calls).toEqual(['manager', 'manager', 'manager']);
      expect(state.replies).toMatchObject([{ key: 'manager', status: 'failed' }]);
      expect(state.failure?.code).toBe('routing_failed');
      expect(state.failure?.message).toMatch(
        /^The manager made no usable plan in 3 attempts: there is no agent called “Zed”/,
      );
    });

    test('a fence around the JSON and another case of a name are let pass', async () => {
      const { finished } = run((key) => (key === 'manager' ? `\`\`\`json\n${plan(work('ana', 1))}\n\`\`\`` : 'ok'));
      expect((await finished).plan?.assignments[0]?.agent).toBe('Ana');
    });
  });

  test.each<[string, Line, string]>([
    ['fails', { fail: 'The provider is down.' }, 'provider_error'],
    ['is skipped', { skip: true }, 'routing_failed'],
  ])('when the manager %s nobody works', async (_what, line, code) => {
    const { ports, finished } = run(() => line);
    expect((await finished).failure?.code).toBe(code);
    expect([...ports.recorded.keys()]).toEqual(['manager']);
  });

  test('a failed worker is named to the synthesis, the others are summed up', async () => {
    const { ports, finished } = run((key) =>
      key === 'manager' ? PLAN : key === 'work:1.0' ? { fail: 'busy' } : `Answer of ${key}`,
    );
    const state = await finished;
    expect(state.failure).toBeNull();
    expect(ports.read('synthesis')).toContain('No reply came from: Ana.');
    expect(ports.read('work:2.0')).not.toContain('Ana wrote:');
  });

  test('when every worker failed there is nothing to sum up', async () => {
    const { ports, finished } = run((key) => (key === 'manager' ? PLAN : { fail: 'busy' }));
    const state = await finished;
    expect(state.failure?.code).toBe('no_replies');
    expect([...ports.recorded.keys()].sort()).toEqual(['manager', 'work:1.0', 'work:1.1', 'work:2.0']);
  });

  test('FR-TOOL-006: the manager directs those with leave to files, by name; the rest get none', async () => {
    const files = [
      { id: 'file-a', name: 'report.pdf' },
      { id: 'file-b', name: 'report.pdf' },
    ];
    const directed = plan(work('Ana', 1, ['report.pdf (2)']), work('Bo', 1, ['report.pdf']));
    const { ports, finished } = run((key) => (key === 'manager' ? directed : 'ok'), { files });
    const state = await finished;
    expect(JSON.stringify(ports.step('manager').asks[0]?.structured)).toContain(
      '"enum":["report.pdf","report.pdf (2)"]',
    );
    expect(ports.step('work:1.0').spec.fileIds).toEqual(['file-b']);
    expect(ports.step('work:1.1').spec.fileIds).toEqual([]);
    expect(state.plan?.assignments).toMatchObject([{ files: ['report.pdf (2)'] }, { agent: 'Bo' }]);
    expect(state.plan?.assignments[1]).not.toHaveProperty('files');
  });

  test.each(['manager', 'work:1.1', 'work:2.0', 'synthesis'])(
    'I5: after a fall in %s the rest goes on under the same names',
    async (fallen) => {
      let broken = true;
      const script = (key: string): Line => {
        if (key === fallen && broken) return { throw: new Error('fell over') };
        return key === 'manager' ? PLAN : `Answer of ${key}`;
      };
      const ports = scriptedPorts(script);
      const graph = buildOrchestrator(ports.portsFor).compile({ checkpointer: new MemorySaver() });
      const thread = inThread();
      await expect(graph.invoke(input, thread)).rejects.toThrow('fell over');
      broken = false;
      const state = await graph.invoke(null, thread);
      const undisturbed = await run((key) => (key === 'manager' ? PLAN : `Answer of ${key}`)).finished;
      expect(state.replies).toEqual(undisturbed.replies);
      expect(state.plan).toEqual(undisturbed.plan);
      for (const key of ports.recorded.keys()) {
        expect(
          ports.calls.filter((call) => call === key),
          key,
        ).toHaveLength(key === fallen ? 2 : 1);
      }
    },
  );

  test('I5: a replay from every earlier checkpoint ends alike without asking anybody again', async () => {
    const ports = scriptedPorts((key) => (key === 'manager' ? PLAN : `Answer of ${key}`));
    const graph = buildOrchestrator(ports.portsFor).compile({ checkpointer: new MemorySaver() });
    const thread = inThread();
    const whole = await graph.invoke(input, thread);
    const asked = ports.calls.length;
    const checkpoints = [];
    for await (const snapshot of graph.getStateHistory(thread)) checkpoints.push(snapshot.config);
    for (const { configurable } of checkpoints) {
      const again = await graph.invoke(null, { ...thread, configurable: { ...configurable } });
      expect(again.replies).toEqual(whole.replies);
    }
    expect(ports.calls).toHaveLength(asked);
  });
});
