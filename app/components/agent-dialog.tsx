import { useState } from 'react';
import type { Agent } from '#server/agents/contract.ts';
import type { ModelChoice } from '#server/models/contract.ts';
import type { TestReport } from '#server/recordings/contract.ts';
import { AgentFields, draftOf, type AgentDraft } from '#app/components/agent-fields.tsx';
import { AgentTrial } from '#app/components/agent-trial.tsx';
import { callApi } from '#app/components/api.ts';
import { TestSummary } from '#app/components/recordings/test-summary.tsx';
import { Alert } from '#app/components/ui/alert.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { Dialog } from '#app/components/ui/dialog.tsx';
import { useAction } from '#app/components/use-action.ts';

type AgentDialogProps = {
  roomId: string;
  /** Null adds one. */
  agent: Agent | null;
  models: readonly ModelChoice[];
  /** How many turns of the room are kept as tests. */
  tests: number;
  onClose: () => void;
  onSaved: () => void;
};

export function AgentDialog({ roomId, agent, models, tests, onClose, onSaved }: AgentDialogProps) {
  const [draft, setDraft] = useState(() => draftOf(agent, models));
  const [checked, setChecked] = useState<{ draft: AgentDraft; report: TestReport } | null>(null);
  const { pending, problem, run } = useAction();

  const known = checked?.draft === draft ? checked.report : null;

  /** The room's tests run first; who has seen what they say saves all the same. */
  async function check(): Promise<boolean> {
    if (tests === 0 || known) return true;
    let untouched = false;
    await run('check', async () => {
      const body = { agent: agent ? { id: agent.id, ...draft } : draft };
      const report = await callApi<TestReport>('POST', `/rooms/${roomId}/recordings/replay`, { body });
      untouched = report.broken === 0 && report.changed === 0;
      setChecked({ draft, report });
    });
    return untouched;
  }

  async function save() {
    if (!(await check())) return;
    const saved = await run('save', async () => {
      if (agent) await callApi('PATCH', `/rooms/${roomId}/agents/${agent.id}`, { body: draft });
      else await callApi('POST', `/rooms/${roomId}/agents`, { body: draft });
    });
    if (saved) onSaved();
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={agent ? `Edit ${agent.name}` : 'Add an agent'}
      description={agent ? 'Changes count from your next message on.' : 'It takes part from your next message on.'}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <AgentFields draft={draft} onChange={setDraft} models={models} errors={problem?.fields ?? {}} />
        <AgentTrial draft={draft} />
        {known && <TestSummary report={known} className="mt-5" />}
        {problem && Object.keys(problem.fields).length === 0 && (
          <Alert tone="danger" className="mt-5">
            {problem.message}
          </Alert>
        )}
        <div className="sticky -bottom-5 -mx-5 mt-6 -mb-5 flex justify-end gap-2 border-t border-line bg-raised px-5 py-3">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" pending={pending !== null}>
            {known && known.broken > 0 ? 'Save all the same' : agent ? 'Save changes' : 'Add agent'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
