import type { LangGraphRunnableConfig } from '@langchain/langgraph';
import { MANAGER, managerSpec, synthesisScript } from '../manager.ts';
import type { TurnState, TurnUpdate } from '../state.ts';
import { promptText, settingOf, type GraphParts } from '../turn-input.ts';
import { heard, told } from './speak.ts';

/** The manager answers the person from what the workers found. */
export function synthesise(parts: GraphParts) {
  return async (state: TurnState, config: LangGraphRunnableConfig): Promise<TurnUpdate> => {
    const setting = settingOf(state, parts, config);
    const ports = parts.portsFor(config);
    const index = (state.plan?.assignments.length ?? 0) + 1;
    const found = heard(state.replies);
    const silent = state.replies
      .filter((reply) => reply.kind === 'agent' && !found.some(({ agentName }) => agentName === reply.agentName))
      .map((reply) => reply.agentName);
    const recollection = await ports.recall({ ...MANAGER, modelAlias: setting.managerAlias });
    const template = promptText('synthesis', parts, config);
    const spec = managerSpec('synthesis', index, setting);
    const result = await ports.runStep(
      spec,
      synthesisScript(template, setting, recollection, found, [...new Set(silent)]),
    );
    return told({ key: spec.key, index, agentName: MANAGER.name, kind: 'synthesis' }, result, setting.chat);
  };
}
