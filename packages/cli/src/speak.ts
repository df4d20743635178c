import type { Turn, TurnData } from '../../sdk/src/index.ts';
import { print, tell } from './terminal.ts';

/**
 * Prints a turn as it comes: who speaks first is told first, the others when they have finished. The first Ctrl+C stops the
 * turn, a second one leaves it to itself. Returns the exit status.
 */
export async function speak(sending: Promise<Turn>): Promise<number> {
  const interrupted = new AbortController();
  const interrupt = () => {
    if (interrupted.signal.aborted) process.exit(130);
    interrupted.abort();
    tell('Stopping…');
    sending.then((turn) => turn.stop()).catch((error: unknown) => tell(String(error)));
  };
  process.on('SIGINT', interrupt);
  try {
    const turn = await sending;
    const { status, chargedMicroCredits, error } = await follow(turn);
    tell(
      `${status}, ${Number(chargedMicroCredits) / 1_000_000} credits, turn ${turn.id}${error ? `: ${error.message}` : ''}`,
    );
    return status === 'completed' ? 0 : interrupted.signal.aborted ? 130 : 1;
  } finally {
    process.off('SIGINT', interrupt);
  }
}

async function follow(turn: Turn): Promise<TurnData> {
  let speaker: string | null = null;
  const waiting = new Map<string, string>();
  const names = new Map<string, string>();
  for await (const event of turn.events()) {
    switch (event.type) {
      case 'step_started':
        names.set(event.stepId, event.data.agentName);
        waiting.set(event.stepId, '');
        break;
      case 'step_delta':
        if (speaker === null) {
          speaker = event.stepId;
          print(`\n${names.get(speaker) ?? ''}:\n`);
        }
        if (event.stepId === speaker) print(event.data.text);
        else waiting.set(event.stepId, (waiting.get(event.stepId) ?? '') + event.data.text);
        break;
      case 'step_completed':
      case 'step_failed':
      case 'step_skipped':
      case 'step_cancelled':
        if (event.stepId === speaker) speaker = null;
        else if (waiting.get(event.stepId)) print(`\n${event.data.agentName}:\n${waiting.get(event.stepId) ?? ''}`);
        if (event.data.error) tell(`${event.data.agentName} failed: ${event.data.error.message}`);
        print('\n');
        break;
      case 'turn_completed':
      case 'turn_failed':
      case 'turn_cancelled':
        return event.data;
      case 'tool_started':
        if (event.data.status === 'waiting') {
          tell(`May ${event.data.tool} be called with ${JSON.stringify(event.data.arguments)}? Answer in the room.`);
        }
        break;
      case 'turn_queued':
      case 'turn_started':
      case 'route_decided':
      case 'tool_completed':
        break;
    }
  }
  return turn.refresh();
}
