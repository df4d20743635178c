import { useEffect, useRef, useState } from 'react';
import type { DirectSession } from '#server/direct/contract.ts';
import type { Turn } from '#server/turns/contract.ts';
import type { AgentDraft } from '#app/components/agent-fields.tsx';
import { type ApiProblem, callApi } from '#app/components/api.ts';
import { formatCredits } from '#app/components/format.ts';
import { Markdown } from '#app/components/markdown.tsx';
import { Alert } from '#app/components/ui/alert.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { Field } from '#app/components/ui/field.tsx';
import { Textarea } from '#app/components/ui/input.tsx';
import { useAction } from '#app/components/use-action.ts';

const LOOK_AGAIN_MS = 400;

/**
 * Asks the agent as it is in the form, before it is saved. A real call in a direct chat of its own, charged like any other
 * and bounded by a turn’s caps; the chat is deleted when the answer is there, or the dialog closes.
 */
export function AgentTrial({ draft }: { draft: AgentDraft }) {
  const [message, setMessage] = useState('Introduce yourself in two sentences.');
  const [turn, setTurn] = useState<Turn | null>(null);
  const { pending, problem, run } = useAction();
  const closed = useRef(false);
  useEffect(() => {
    closed.current = false;
    return () => {
      closed.current = true;
    };
  }, []);

  const ask = () =>
    void run('ask', async () => {
      setTurn(null);
      // A tool server's tool would wait for a word that can't be given here.
      const toolPermissions = { ...draft.toolPermissions, servers: [] };
      const agent = { ...draft, toolPermissions, memoryPolicy: 'none' };
      const title = `Trial of ${draft.name}`.slice(0, 120);
      const session = await callApi<DirectSession>('POST', '/direct-sessions', { body: { agent, title } });
      const path = `/direct-sessions/${session.id}`;
      try {
        const sent = await callApi<{ turn: Turn }>('POST', `${path}/turns`, { body: { message } });
        setTurn(await answered(sent.turn, closed));
      } finally {
        await callApi('DELETE', path);
      }
    });

  const step = turn?.steps[0];
  return (
    <details className="mt-5 rounded-xl border border-line bg-canvas/60 px-4 py-3">
      <summary className="rounded-md text-sm font-medium">Try it before saving</summary>
      <div className="mt-3 space-y-3">
        <Field label="Ask it" hint="A real answer, charged like any other.">
          {(control) => (
            <Textarea
              {...control}
              rows={2}
              className="min-h-16"
              value={message}
              maxLength={2000}
              onChange={(event) => setMessage(event.target.value)}
            />
          )}
        </Field>
        <Button pending={pending !== null} disabled={message.trim() === ''} onClick={ask}>
          Ask
        </Button>
        {problem && <Alert tone="danger">{trialProblem(problem)}</Alert>}
        <div role="status" aria-label="Answer of the trial">
          {turn && (
            <div className="rounded-xl border border-line bg-raised p-4">
              {step?.content ? (
                <Markdown text={step.content} />
              ) : (
                <p className="text-sm text-ink-soft">{step?.error?.message ?? turn.error?.message ?? 'No answer.'}</p>
              )}
              <p className="mt-3 text-xs text-ink-faint">Cost {formatCredits(turn.chargedMicroCredits)} credits.</p>
            </div>
          )}
        </div>
      </div>
    </details>
  );
}

/** The turn when it is over, or as it is when nobody waits for it any more. */
async function answered(sent: Turn, closed: { current: boolean }): Promise<Turn> {
  let turn = sent;
  while ((turn.status === 'queued' || turn.status === 'running') && !closed.current) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    turn = await callApi<Turn>('GET', `/turns/${sent.id}`);
  }
  return turn;
}

/** The form’s own fields say what is wrong with them when it is saved; here it is a sentence. */
function trialProblem(problem: ApiProblem): string {
  const [first] = Object.entries(problem.fields);
  return first ? `${first[0].replace('agent.', '')}: ${first[1]}` : problem.message;
}
