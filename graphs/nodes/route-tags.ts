import { Command, END, Overwrite, Send, type LangGraphRunnableConfig } from '@langchain/langgraph';
import type { TurnState } from '../state.ts';
import { parseTags } from '../tags.ts';
import { settingOf, type GraphParts } from '../turn-input.ts';
import { taskAt } from './speak.ts';

/** Sends the message to exactly the agents that it tags, each on its own. No tag, no agent (FR-MODE-001). */
export function routeTags(parts: GraphParts) {
  return (state: TurnState, config: LangGraphRunnableConfig) => {
    const setting = settingOf(state, parts, config);
    const tagged = parseTags(setting.message, setting.roster).agents.flatMap(
      (name) => setting.roster.find((agent) => agent.name === name) ?? [],
    );
    if (tagged.length === 0) {
      const failure = { code: 'no_valid_tags', message: 'The message tags no agent of this room.' };
      return new Command({ update: { replies: new Overwrite([]), failure }, goto: END });
    }
    return new Command({
      update: { replies: new Overwrite([]), failure: null },
      goto: tagged.map((agent, place) => new Send('speak', taskAt(place, agent, setting, []))),
    });
  };
}
