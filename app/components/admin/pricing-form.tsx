import { useState } from 'react';
import type { PricingVersion } from '#server/admin/contract.ts';
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
  ['model', 'Provider’s model', 'min-w-64'],
  ['inputUsdPerM', 'Input', 'w-24 min-w-24'],
  ['cachedUsdPerM', 'Cached', 'w-24 min-w-24'],
  ['outputUsdPerM', 'Output', 'w-24 min-w-24'],
  ['multiplier', 'Multiplier', 'w-24 min-w-24'],
] as const;

/** A draft's prices, to be written. The server judges them; what it says stands at its row. */
export function PricingForm({ version }: { version: PricingVersion }) {
  const [terms, setTerms] = useState(version);
  const { pending, problem, run } = useAction();
  const reload = useReload();
  const changed = JSON.stringify(terms) !== JSON.stringify(version);
  const save = () =>
    run('save', async () => {
      const { name, note, source, toolCharges, models } = terms;
      const body = { name, note, source, toolCharges, models, draft: true };
      await callApi('PUT', `/admin/pricing-versions/${version.id}`, { body });
      reload();
    });
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
          <Field label="Name" error={problem?.fields['name']}>
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
              <Th>Alias</Th>
              {COLUMNS.map(([field, name]) => (
                <Th key={field}>{name}</Th>
              ))}
            </>
          }
        >
          {terms.models.map((model, place) => (
            <tr key={model.alias}>
              <Td className="align-middle font-medium">{model.alias}</Td>
              {COLUMNS.map(([field, name, width]) => (
                <Td key={field} className={`px-1.5 ${width}`}>
                  <Input
                    aria-label={`${model.alias}: ${name}`}
                    aria-invalid={problem?.fields[`models.${place}.${field}`] ? true : undefined}
                    inputMode={field === 'model' ? 'text' : 'decimal'}
                    value={model[field]}
                    onChange={(event) => setModel(place, { [field]: event.target.value })}
                  />
                </Td>
              ))}
            </tr>
          ))}
        </Table>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Search, micro-credits a call" error={problem?.fields['toolCharges.searchMicroCreditsPerCall']}>
            {(control) => (
              <Input
                {...control}
                inputMode="numeric"
                value={terms.toolCharges.searchMicroCreditsPerCall}
                onChange={(event) =>
                  setTerms({
                    ...terms,
                    toolCharges: { ...terms.toolCharges, searchMicroCreditsPerCall: event.target.value },
                  })
                }
              />
            )}
          </Field>
          <Field label="Files, micro-credits a page" error={problem?.fields['toolCharges.fileReadMicroCreditsPerPage']}>
            {(control) => (
              <Input
                {...control}
                inputMode="numeric"
                value={terms.toolCharges.fileReadMicroCreditsPerPage}
                onChange={(event) =>
                  setTerms({
                    ...terms,
                    toolCharges: { ...terms.toolCharges, fileReadMicroCreditsPerPage: event.target.value },
                  })
                }
              />
            )}
          </Field>
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
        <Button type="submit" pending={pending !== null} disabled={!changed}>
          Save the draft
        </Button>
      </form>
    </Section>
  );
}
