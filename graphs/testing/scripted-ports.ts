import type { AgentSnapshot, ModelAsk, Ports, Recollection, StepResult, StepSpec } from '../ports.ts';

export function agentNamed(name: string, position = 0, extra: Partial<AgentSnapshot> = {}): AgentSnapshot {
  return {
    id: `id-of-${name}`,
    name,
    modelAlias: 'llama',
    rolePrompt: `The secret role of ${name}.`,
    toolPermissions: { search: false, files: false },
    memoryPolicy: 'summary',
    fallbackAlias: null,
    position,
    ...extra,
  };
}

/** What a scripted model says to an ask, or how its step ends without one. */
export type Line =
  | string
  | { fail: string }
  | { skip: true }
  /** Ends the run, as a stop or a lost lease does. */
  | { throw: Error };

export type SpokenStep = { spec: StepSpec; asks: ModelAsk[]; result: StepResult };

/**
 * Ports whose models say what they are told to, and which, like the real ones, answer for a recorded step from the record.
 * `script` gets the step's key and the number of the ask, from 1.
 */
export function scriptedPorts(
  script: (key: string, asked: number, ask: ModelAsk) => Line | Promise<Line>,
  recollection: Recollection = { summary: null, messages: [] },
) {
  const recorded = new Map<string, SpokenStep>();
  const calls: string[] = [];
  const recalled: string[] = [];

  async function runStep(...[spec, { ask: first, filter, judge }]: Parameters<Ports['runStep']>): Promise<StepResult> {
    const known = recorded.get(spec.key);
    if (known) return known.result;
    const asks: ModelAsk[] = [];
    const end = (result: Omit<StepResult, 'plan' | 'error'> & Partial<StepResult>): StepResult => {
      const whole = { plan: null, error: null, ...result };
      recorded.set(spec.key, { spec, asks, result: whole });
      return whole;
    };
    for (let ask = first, asked = 1; ; asked += 1) {
      asks.push(ask);
      calls.push(spec.key);
      const line = await script(spec.key, asked, ask);
      if (typeof line !== 'string') {
        if ('throw' in line) throw line.throw;
        if ('skip' in line) return end({ status: 'skipped', content: '' });
        return end({ status: 'failed', content: '', error: { code: 'provider_error', message: line.fail } });
      }
      const verdict = judge({ text: line, asked });
      if (verdict.kind === 'ask') {
        ask = verdict.ask;
        continue;
      }
      if (verdict.kind === 'fail') {
        return end({ status: 'failed', content: '', error: { code: verdict.code, message: verdict.message } });
      }
      const trim = filter?.();
      const content = trim ? trim.push(line) + trim.end() : verdict.content;
      return end({ status: 'completed', content, plan: verdict.plan ?? null });
    }
  }

  const ports: Ports = {
    recall: async (agent) => {
      recalled.push(agent.id);
      return recollection;
    },
    runStep,
  };
  return {
    portsFor: () => ports,
    /** The keys of every ask made, in order. */
    calls,
    recalled,
    recorded,
    step(key: string): SpokenStep {
      const step = recorded.get(key);
      if (!step) throw new Error(`No step ${key} was recorded.`);
      return step;
    },
    /** Everything that the step's model was given to read, in one text. */
    read(key: string): string {
      return this.step(key)
        .asks.flatMap((ask) => ask.messages)
        .map((message) => `[${message.role}] ${message.content}`)
        .join('\n');
    },
  };
}
