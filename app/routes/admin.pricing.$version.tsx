import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData, useNavigate } from '@remix-run/react';
import type { ReactNode } from 'react';
import type { PricingVersion } from '#server/admin/contract.ts';
import { mayChange } from '#server/admin/may-change.ts';
import { findPricingVersions, getPricingVersion } from '#server/admin/pricing/find-pricing-versions.ts';
import { pageProblem, requireAdminPage } from '#server/auth/require-user.ts';
import { isAppError } from '#server/platform/errors.ts';
import { formatPrice, inCredits } from '#app/components/admin/amounts.ts';
import { ChangeButton } from '#app/components/admin/change-button.tsx';
import { PricingForm } from '#app/components/admin/pricing-form.tsx';
import { differences } from '#app/components/admin/pricing-differences.ts';
import { ReadOnlyNote } from '#app/components/admin/read-only-note.tsx';
import { Empty, Section } from '#app/components/admin/section.tsx';
import { formatTime } from '#app/components/billing/dates.ts';
import { Table, Td, Th } from '#app/components/billing/table.tsx';
import { ErrorPage } from '#app/components/error-page.tsx';
import { PageBody, PageHeader } from '#app/components/shell.tsx';
import { Badge } from '#app/components/ui/badge.tsx';

export const handle = { shell: true };
export const meta: MetaFunction = () => [{ title: 'Pricing version · Admin · Pantheon' }];

export async function loader({ context, request, params }: LoaderFunctionArgs) {
  const principal = await requireAdminPage(context, request);
  const version = await getPricingVersion(context.app, Number(params['version'])).catch((error: unknown) => {
    throw isAppError(error) ? pageProblem(context, error) : error;
  });
  const versions = await findPricingVersions(context.app);
  const current = versions.find(({ state }) => state === 'effective') ?? version;
  return { version, current, canChange: mayChange(principal) };
}

export default function PricingVersionPage() {
  const { version, current, canChange } = useLoaderData<typeof loader>();
  const navigate = useNavigate();
  const draft = version.state === 'draft';
  const changes = differences(current, version);
  return (
    <>
      <PageHeader
        title={version.name}
        below={version.effectiveAt ? `In effect from ${formatTime(version.effectiveAt)}` : `Version ${version.id}`}
        actions={<Badge tone={draft ? 'warn' : 'accent'}>{version.state}</Badge>}
      />
      <PageBody className="max-w-6xl space-y-8">
        <ReadOnlyNote canChange={canChange} />
        {version.id !== current.id && (
          <Section title="Compared with what is in effect" note={`Version ${current.id}, ${current.name}.`}>
            <Differences changes={changes} />
          </Section>
        )}
        {draft && canChange ? (
          <PricingForm key={JSON.stringify(version)} version={version}>
            {(unsaved) => (
              <>
                <ChangeButton
                  verb="Publish"
                  variant="primary"
                  title={`Publish “${version.name}”?`}
                  effect={`It takes effect at once, for every message that is accepted from then on, with ${changes.length === 1 ? 'one change' : `${changes.length} changes`} to what is in effect now. It can never be changed afterwards.`}
                  method="POST"
                  path={`/admin/pricing-versions/${version.id}/publish`}
                  body={{}}
                  disabled={unsaved}
                />
                <ChangeButton
                  verb="Discard draft"
                  title={`Throw “${version.name}” away?`}
                  effect="The draft is gone. Prices stay as they are."
                  method="DELETE"
                  path={`/admin/pricing-versions/${version.id}`}
                  onDone={() => navigate('/admin/pricing')}
                />
              </>
            )}
          </PricingForm>
        ) : (
          <Section
            title="Prices"
            note="USD per million tokens, as the provider bills them; credits are billed by the multiplier."
          >
            <Prices version={version} />
            <dl className="mt-4 grid gap-x-8 gap-y-3 text-sm sm:grid-cols-3">
              <Term name="Web search">{inCredits(version.toolCharges.searchMicroCreditsPerCall)} a call</Term>
              <Term name="Files">{inCredits(version.toolCharges.fileReadMicroCreditsPerPage)} a page</Term>
              {version.source !== '' && <Term name="Where the prices are from">{version.source}</Term>}
              {version.note !== '' && <Term name="Note">{version.note}</Term>}
            </dl>
          </Section>
        )}
      </PageBody>
    </>
  );
}

function Differences({ changes }: { changes: ReturnType<typeof differences> }) {
  if (changes.length === 0) return <Empty>The prices are the same.</Empty>;
  return (
    <Table
      caption="What changes"
      head={
        <>
          <Th>Model</Th>
          <Th>What</Th>
          <Th numeric>In effect</Th>
          <Th numeric>In this version</Th>
        </>
      }
    >
      {changes.map(({ subject, what, before, after }) => (
        <tr key={`${subject} ${what}`}>
          <Td>{subject}</Td>
          <Td>{what}</Td>
          <Td numeric>{before}</Td>
          <Td numeric className="font-medium">
            {after}
          </Td>
        </tr>
      ))}
    </Table>
  );
}

function Term({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-ink-faint">{name}</dt>
      <dd className="mt-0.5 wrap-anywhere">{children}</dd>
    </div>
  );
}

function Prices({ version }: { version: PricingVersion }) {
  return (
    <Table
      caption="Prices"
      head={
        <>
          <Th>Model</Th>
          <Th>Provider’s model</Th>
          <Th numeric>Input</Th>
          <Th numeric>Cached</Th>
          <Th numeric>Output</Th>
          <Th numeric>Multiplier</Th>
        </>
      }
    >
      {version.models.map((model) => (
        <tr key={model.alias}>
          <Td>
            {model.displayName}
            <span className="block font-mono text-xs text-ink-faint">{model.alias}</span>
          </Td>
          <Td className="text-ink-soft">
            {model.model}
            <span className="block text-xs text-ink-faint">{model.provider}</span>
          </Td>
          <Td numeric>{formatPrice(model.inputUsdPerM)}</Td>
          <Td numeric>{formatPrice(model.cachedUsdPerM)}</Td>
          <Td numeric>{formatPrice(model.outputUsdPerM)}</Td>
          <Td numeric>× {model.multiplier}</Td>
        </tr>
      ))}
    </Table>
  );
}

export { ErrorPage as ErrorBoundary };
