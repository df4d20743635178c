import { useState, type ReactNode } from 'react';
import type { PricingVersion } from '#server/admin/contract.ts';
import { creditsOf, microOf } from '#app/components/admin/amounts.ts';
import { Section } from '#app/components/admin/section.tsx';
import { callApi } from '#app/components/api.ts';
import { Table, Td, Th } from '#app/components/billing/table.tsx';
import { Alert } from '#app/components/ui/alert.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { Field } from '#app/components/ui/field.tsx';
import { Input, Textarea } from '#app/components/ui/input.tsx';
import { useAction } from '#app/components/use-action.ts';
import { useReload } from '#app/components/use-reload.ts';

const COLUMNS = [
  ['model', 'Provider’s model', 'min-w-64 max-sm:min-w-64'],
  ['inputUsdPerM', 'Input', 'w-24 min-w-24 max-sm:min-w-24'],
  ['cachedUsdPerM', 'Cached', 'w-24 min-w-24 max-sm:min-w-24'],
  ['outputUsdPerM', 'Output', 'w-24 min-w-24 max-sm:min-w-24'],
  ['multiplier', 'Multiplier', 'w-24 min-w-24 max-sm:min-w-24'],
] as const;

const CHARGES = [
  ['searchMicroCreditsPerCall', 'Web search, credits a call'],
  ['fileReadMicroCreditsPerPage', 'Files, credits a page'],
] as const;

type PricingFormProps = {
  version: PricingVersion;
  /** What else can be done with the draft, given whether something is written that is not saved. */
  children: (unsaved: boolean) => ReactNode;
};

/** A draft's prices, to be written. The server judges them; what it says stands at its row. */
export function PricingForm({ version, children }: PricingFormProps) {
  const [terms, setTerms] = useState(version);
  const [charges, setCharges] = useState({
    searchMicroCreditsPerCall: creditsOf(version.toolCharges.searchMicroCreditsPerCall),
    fileReadMicroCreditsPerPage: creditsOf(version.toolCharges.fileReadMicroCreditsPerPage),
  });
  // What is no amount goes to the server as it is written: it says so at the field.
  const toolCharges = {
    searchMicroCreditsPerCall: microOf(charges.searchMicroCreditsPerCall) ?? charges.searchMicroCreditsPerCall,
    fileReadMicroCreditsPerPage: microOf(charges.fileReadMicroCreditsPerPage) ?? charges.fileReadMicroCreditsPerPage,
  };
  const { pending, problem, run } = useAction();
  const reload = useReload();
  const changed = JSON.stringify({ ...terms, toolCharges }) !== JSON.stringify(version);
  const save = () =>
    run('save', async () => {
      const { name, note, source, models } = terms;
      const body = { name, note, source, toolCharges, models, draft: true };
      await callApi('PUT', `/admin/pricing-versions/${version.id}`, { body });
      reload();
    });
  const wrong = (field: string) => problem?.fields[field];
  const setModel = (place: number, change: Partial<PricingVersion['models'][number]>) =>
    setTerms({ ...terms, models: terms.models.map((model, at) => (at === place ? { ...model, ...change } : model)) });
  return (
    <Section
      title="Prices"
      note="USD per million tokens, as the provider bills them; credits are billed by the multiplier, at least 0.5."
    >
      <form
        noValidate
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Name" error={wrong('name')}>
            {(control) => (
              <Input
                {...control}
                value={terms.name}
                onChange={(event) => setTerms({ ...terms, name: event.target.value })}
              />
            )}
          </Field>
          <Field label="Where the prices are from">
            {(control) => (
              <Input
                {...control}
                value={terms.source}
                onChange={(event) => setTerms({ ...terms, source: event.target.value })}
              />
            )}
          </Field>
        </div>
        <Table
          caption="Prices of the draft"
          head={
            <>
              <Th>Model</Th>
              {COLUMNS.map(([field, name]) => (
                <Th key={field}>{name}</Th>
              ))}
            </>
          }
        >
          {terms.models.map((model, place) => (
            <tr key={model.alias}>
              <Td className="align-middle font-medium whitespace-nowrap">{model.displayName}</Td>
              {COLUMNS.map(([field, name, width]) => (
                <Td key={field} className={`px-1.5 ${width}`}>
                  <Input
                    aria-label={`${model.displayName}: ${name}`}
                    aria-invalid={wrong(`models.${place}.${field}`) ? true : undefined}
                    aria-describedby={wrong(`models.${place}.${field}`) ? `wrong-${place}-${field}` : undefined}
                    inputMode={field === 'model' ? 'text' : 'decimal'}
                    value={model[field]}
                    onChange={(event) => setModel(place, { [field]: event.target.value })}
                  />
                  {wrong(`models.${place}.${field}`) && (
                    <p id={`wrong-${place}-${field}`} className="mt-1 text-xs text-danger">
                      {wrong(`models.${place}.${field}`)}
                    </p>
                  )}
                </Td>
              ))}
            </tr>
          ))}
        </Table>
        <div className="grid gap-4 sm:grid-cols-2">
          {CHARGES.map(([charge, name]) => (
            <Field
              key={charge}
              label={name}
              error={wrong(`toolCharges.${charge}`) && 'Write an amount of credits with at most 6 decimals.'}
            >
              {(control) => (
                <Input
                  {...control}
                  inputMode="decimal"
                  value={charges[charge]}
                  onChange={(event) => setCharges({ ...charges, [charge]: event.target.value })}
                />
              )}
            </Field>
          ))}
        </div>
        <Field label="Note">
          {(control) => (
            <Textarea
              {...control}
              value={terms.note}
              onChange={(event) => setTerms({ ...terms, note: event.target.value })}
            />
          )}
        </Field>
        {problem && <Alert tone="danger">{problem.message}</Alert>}
        <div className="flex flex-wrap items-center gap-2">
          <Button type="submit" className="h-10" pending={pending !== null} disabled={!changed}>
            Save the draft
          </Button>
          {children(changed)}
          {changed && <p className="text-[13px] text-ink-soft">Save what you wrote before it is published.</p>}
        </div>
      </form>
    </Section>
  );
}
