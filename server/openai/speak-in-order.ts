import { BEGINS_ANEW, BETWEEN, ending, heading, isReply } from '#server/turns/attribute.ts';
import type { Step, TurnEvent } from '#server/turns/contract.ts';

/** A piece of the one text, and whose it is. */
export type Piece = { stepId: string; agentName: string; text: string };

type Speaker = { step: Step | null; waiting: string; said: boolean; ended: boolean };

/**
 * Makes one text of agents who speak at once: the first who has not ended is passed on as it speaks, the others wait their
 * turn. All pieces joined are `attributedText` of the turn's steps, unless another process began a reply anew.
 */
export function speakInOrder(known: readonly Step[]): (event: TurnEvent) => Piece[] {
  const speakers = new Map<number, Speaker>();
  const indexes = new Map<string, number>();
  let anySaid = false;
  for (const step of known) expect(step);

  function expect(step: Step): Speaker | null {
    if (!isReply(step)) return null;
    const speaker = speakers.get(step.index) ?? { step, waiting: '', said: false, ended: false };
    speaker.step = step;
    speakers.set(step.index, speaker);
    indexes.set(step.id, step.index);
    return speaker;
  }

  function flush(everyone: boolean): Piece[] {
    const pieces: Piece[] = [];
    for (const [, speaker] of [...speakers].sort(([a], [b]) => a - b)) {
      const { step } = speaker;
      if (step && speaker.waiting !== '') {
        const opening = speaker.said ? '' : anySaid ? BETWEEN : '';
        pieces.push({ stepId: step.id, agentName: step.agentName, text: opening + speaker.waiting });
        speaker.waiting = '';
        speaker.said = anySaid = true;
      }
      if (!speaker.ended && !everyone) break;
    }
    return pieces;
  }

  return (event) => {
    switch (event.type) {
      case 'step_started': {
        const again = indexes.has(event.stepId) ? speakers.get(indexes.get(event.stepId) ?? -1) : undefined;
        const speaker = expect(event.data);
        if (speaker && again === speaker) speaker.waiting = speaker.said ? BEGINS_ANEW : '';
        return [];
      }
      case 'route_decided':
        // Workers follow the manager by their place in the plan, the synthesis comes last: nobody overtakes.
        for (let index = 1; index <= event.data.assignments.length + 1; index += 1) {
          if (!speakers.has(index)) speakers.set(index, { step: null, waiting: '', said: false, ended: false });
        }
        return [];
      case 'step_delta': {
        const speaker = speakers.get(indexes.get(event.stepId) ?? -1);
        if (!speaker?.step) return [];
        const begins = !speaker.said && speaker.waiting === '';
        speaker.waiting += (begins ? heading(speaker.step.agentName) : '') + event.data.text;
        return flush(false);
      }
      case 'step_completed':
      case 'step_failed':
      case 'step_skipped':
      case 'step_cancelled': {
        const speaker = expect(event.data);
        if (!speaker) return [];
        speaker.waiting += ending(event.data);
        speaker.ended = true;
        return flush(false);
      }
      case 'turn_completed':
      case 'turn_failed':
      case 'turn_cancelled':
        return flush(true);
      case 'turn_queued':
      case 'turn_started':
      case 'tool_started':
      case 'tool_completed':
        return [];
    }
  };
}
