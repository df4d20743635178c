import { useEffect, useRef, useState } from 'react';
import type { Agent, ModelAlias } from '#server/agents/contract.ts';
import type { Quote } from '#server/billing/contract.ts';
import type { ModelChoice } from '#server/models/contract.ts';
import type { Mode } from '#server/rooms/contract.ts';
import type { Turn } from '#server/turns/contract.ts';
import type { WhatIf } from '#server/what-ifs/contract.ts';
import { callApi, problemMessage } from '#app/components/api.ts';
import { creditRange, formatAbout } from '#app/components/format.ts';
import { MODE_INFO, ROOM_MODES } from '#app/components/modes.ts';
import { requestKey } from '#app/components/request-key.ts';
import { Alert } from '#app/components/ui/alert.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { Dialog } from '#app/components/ui/dialog.tsx';
import { Select } from '#app/components/ui/input.tsx';
import { Switch } from '#app/components/ui/switch.tsx';
import { takingPart } from '#app/components/what-ifs/differences.ts';

const WAIT_MS = 300;

type WhatIfDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  original: Turn;
  candidates: readonly Agent[];
  models: readonly ModelChoice[];
  onTried: () => void;
};

/** What to do differently: mode, who takes part, on which models; with what it will cost before it runs. */
export function WhatIfDialog({ open, onOpenChange, original, candidates, models, onTried }: WhatIfDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Try differently"
      description="The same message at the same point of the conversation. What was answered stays as it is."
    >
      {open && (
        <WhatIfForm
          original={original}
          candidates={candidates}
          models={models}
          onTried={() => {
            onOpenChange(false);
            onTried();
          }}
        />
      )}
    </Dialog>
  );
}

type WhatIfFormProps = Omit<WhatIfDialogProps, 'open' | 'onOpenChange'>;

function WhatIfForm({ original, candidates, models, onTried }: WhatIfFormProps) {
  const direct = original.mode === 'direct';
  const [mode, setMode] = useState<Mode | null>(original.mode === 'direct' ? null : original.mode);
  const [chosen, setChosen] = useState(() => new Set(takingPart(original).map(({ id }) => id)));
  const [aliases, setAliases] = useState<Record<string, ModelAlias>>({});
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const takes = candidates.filter(({ id }) => chosen.has(id));
  const wanted: WhatIf = {
    ...(mode === null ? {} : { mode }),
    ...(direct ? {} : { agentIds: takes.map(({ id }) => id) }),
    models: Object.fromEntries(Object.entries(aliases).filter(([id]) => takes.some((agent) => agent.id === id))),
  };
  const body = JSON.stringify(wanted);
  const quoted = useQuote(original.id, body, takes.length > 0);
  const attempt = useRef<{ body: string; key: string } | null>(null);

  const send = async () => {
    if (attempt.current?.body !== body) attempt.current = { body, key: requestKey() };
    setSending(true);
    setProblem(null);
    try {
      const headers = { 'Idempotency-Key': attempt.current.key };
      await callApi('POST', `/turns/${original.id}/what-ifs`, { body: wanted, headers });
      onTried();
    } catch (error) {
      setProblem(problemMessage(error));
    } finally {
      setSending(false);
    }
  };

  return (
    <form
      className="space-y-5"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {mode !== null && <ModeField mode={mode} onChange={setMode} />}
      <fieldset>
        <legend className="mb-1.5 text-sm font-medium">{direct ? 'Model' : 'Who takes part'}</legend>
        <ul className="divide-y divide-line rounded-xl border border-line">
          {candidates.map((agent) => (
            <li key={agent.id} className="flex min-h-13 flex-wrap items-center gap-x-3 gap-y-1.5 px-3.5 py-2">
              {!direct && (
                <Switch
                  aria-label={`${agent.name} takes part`}
                  checked={chosen.has(agent.id)}
                  onCheckedChange={(on) => setChosen(withOrWithout(chosen, agent.id, on))}
                />
              )}
              <span className="min-w-24 flex-1 truncate text-sm font-medium">{agent.name}</span>
              <Select
                aria-label={`${agent.name}’s model`}
                className="w-44"
                disabled={!chosen.has(agent.id)}
                value={aliases[agent.id] ?? agent.modelAlias}
                onChange={(event) => setAliases({ ...aliases, [agent.id]: event.target.value as ModelAlias })}
              >
                {models.map(({ alias, displayName, allowed, minimalPlan }) => (
                  <option key={alias} value={alias} disabled={!allowed && alias !== agent.modelAlias}>
                    {displayName}
                    {!allowed && minimalPlan ? ` (${minimalPlan.name})` : ''}
                  </option>
                ))}
              </Select>
            </li>
          ))}
        </ul>
      </fieldset>
      {problem !== null && <Alert tone="danger">{problem}</Alert>}
      <div className="flex flex-wrap items-center justify-end gap-3">
        <p role="status" className="mr-auto min-w-0 flex-1 text-[13px] text-ink-soft tabular-nums">
          {takes.length === 0 ? 'Choose at least one agent.' : quoted}
        </p>
        <Button type="submit" variant="primary" pending={sending} disabled={takes.length === 0}>
          Run it
        </Button>
      </div>
    </form>
  );
}

function ModeField({ mode, onChange }: { mode: Mode; onChange: (mode: Mode) => void }) {
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-medium">Mode</legend>
      <div className="grid gap-2 sm:grid-cols-3">
        {ROOM_MODES.map((value) => {
          const { label, short, icon: Icon } = MODE_INFO[value];
          return (
            <label
              key={value}
              className="flex min-h-11 cursor-pointer items-center gap-2.5 rounded-xl border border-line px-3 py-2 text-sm has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
            >
              <input
                type="radio"
                name="mode"
                className="sr-only"
                checked={mode === value}
                onChange={() => onChange(value)}
              />
              <Icon aria-hidden className="size-4 shrink-0 text-ink-faint" />
              <span className="min-w-0">
                <span className="block font-medium">{label}</span>
                <span className="block truncate text-xs text-ink-soft">{short}</span>
              </span>
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}

function withOrWithout(chosen: ReadonlySet<string>, id: string, on: boolean): Set<string> {
  return new Set(on ? [...chosen, id] : [...chosen].filter((other) => other !== id));
}

/** What it would cost, or why it can't be run, in words. */
function useQuote(turnId: string, body: string, worth: boolean): string {
  const [told, setTold] = useState<{ body: string; text: string } | null>(null);
  useEffect(() => {
    if (!worth) return;
    const asked = { still: true };
    const timer = setTimeout(() => {
      callApi<Quote>('POST', `/turns/${turnId}/what-ifs/quote`, { body: JSON.parse(body) as WhatIf })
        .then(
          (quote) => `Expected cost: about ${formatAbout(quote.expectedMicroCredits)} credits (${creditRange(quote)})`,
        )
        .catch(problemMessage)
        .then(
          (text) => {
            if (asked.still) setTold({ body, text });
          },
          () => undefined,
        );
    }, WAIT_MS);
    return () => {
      asked.still = false;
      clearTimeout(timer);
    };
  }, [turnId, body, worth]);
  return told?.body === body ? told.text : 'Reckoning the cost…';
}
