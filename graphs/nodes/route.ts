import { Command, END, Overwrite, type LangGraphRunnableConfig } from '@langchain/langgraph';
import { MANAGER, managerSpec, planScript } from '../manager.ts';
import type { TurnState } from '../state.ts';
import { promptText, settingOf, type GraphParts } from '../turn-input.ts';
import { told } from './speak.ts';

/** The manager decides who works, on what and in which order. Without a plan nobody works. */
export function route(parts: GraphParts) {
  return async (state: TurnState, config: LangGraphRunnableConfig) => {
    const setting = settingOf(state, parts, config);
    const ports = parts.portsFor(config);
    const recollection = await ports.recall({ ...MANAGER, modelAlias: setting.managerAlias });
    const spec = managerSpec('manager', 0, setting);
    const result = await ports.runStep(spec, planScript(promptText('manager', parts, config), setting, recollection));
    const { replies, ...shown } = told(
      { key: spec.key, index: 0, agentName: MANAGER.name, kind: 'manager' },
      result,
      setting.chat,
    );
    const known = { replies: new Overwrite(replies ?? []), ...shown };
    if (result.status === 'completed' && result.plan) {
      return new Command({ update: { ...known, plan: result.plan, failure: null }, goto: 'dispatch' });
    }
    const failure = result.error ?? {
      code: 'routing_failed',
      message: 'The manager was stopped before it had a plan, so no agent was asked.',
    };
    return new Command({ update: { ...known, plan: null, failure }, goto: END });
  };
}
