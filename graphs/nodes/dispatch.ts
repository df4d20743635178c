import { Command, END, Send, type LangGraphRunnableConfig } from '@langchain/langgraph';
import { nameFiles } from '../plan.ts';
import type { Assignment } from '../ports.ts';
import type { TurnState } from '../state.ts';
import { settingOf, type GraphParts, type TurnSetting } from '../turn-input.ts';
import { heard, othersOf, type SpeakTask } from './speak.ts';

/** A worker's place in the plan: its key names the step on every replay, its index puts it into the timeline. */
type Place = { key: string; index: number; assignment: Assignment };

export function placesOf(assignments: Assignment[]): Place[] {
  return assignments.map((assignment, order) => {
    const place = assignments.slice(0, order).filter(({ group }) => group === assignment.group).length;
    return { key: `work:${assignment.group}.${place}`, index: order + 1, assignment };
  });
}

/**
 * Sends the next group to work, all at once; each sees what the groups before it replied. When every group is through, the
 * manager sums up, unless there is nothing to sum up. What is next follows from the replies, so a replay decides alike.
 */
export function dispatch(parts: GraphParts) {
  return (state: TurnState, config: LangGraphRunnableConfig) => {
    const setting = settingOf(state, parts, config);
    const places = placesOf(state.plan?.assignments ?? []);
    const replied = new Set(state.replies.map((reply) => reply.key));
    const next = places.find(({ key }) => !replied.has(key));
    if (next) {
      const earlier = heard(state.replies);
      const group = places.filter(({ assignment }) => assignment.group === next.assignment.group);
      return new Command({
        goto: group.flatMap((place) => taskFor(place, setting, earlier)).map((task) => new Send('work', task)),
      });
    }
    if (heard(state.replies).length > 0) return new Command({ goto: 'synthesise' });
    const failure = { code: 'no_replies', message: 'None of the agents could reply, so there is nothing to sum up.' };
    return new Command({ update: { failure }, goto: END });
  };
}

function taskFor({ key, index, assignment }: Place, setting: TurnSetting, earlier: SpeakTask['earlier']): SpeakTask[] {
  const agent = setting.roster.find(({ name }) => name === assignment.agent);
  if (!agent) return [];
  const files = nameFiles(setting.files).filter(({ handle }) => assignment.files?.includes(handle));
  return [
    {
      key,
      index,
      agent,
      others: othersOf(agent, setting),
      message: setting.message,
      earlier,
      instruction: assignment.instruction,
      files: files.map(({ id, name }) => ({ id, name })),
      chat: setting.chat,
    },
  ];
}
