import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData, useNavigate } from '@remix-run/react';
import type { PricingVersion } from '#server/admin/contract.ts';
import { mayChange } from '#server/admin/may-change.ts';
import { findPricingVersions } from '#server/admin/pricing/find-pricing-versions.ts';
import { requireAdminPage } from '#server/auth/require-user.ts';
import { ReadOnlyNote } from '#app/components/admin/read-only-note.tsx';
import { Section } from '#app/components/admin/section.tsx';
import { callApi } from '#app/components/api.ts';
import { formatTime } from '#app/components/billing/dates.ts';
import { Table, Td, Th } from '#app/components/billing/table.tsx';
import { ErrorPage } from '#app/components/error-page.tsx';
import { PageBody, PageHeader } from '#app/components/shell.tsx';
import { Alert } from '#app/components/ui/alert.tsx';
import { Badge } from '#app/components/ui/badge.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { useAction } from '#app/components/use-action.ts';

export const handle = { shell: true };
export const meta: MetaFunction = () => [{ title: 'Pricing · Admin · Pantheon' }];

export async function loader({ context, request }: LoaderFunctionArgs) {
  const principal = await requireAdminPage(context, request);
  return { versions: await findPricingVersions(context.app), canChange: mayChange(principal) };
}

const TONES = { effective: 'accent', draft: 'warn', scheduled: 'warn', past: 'plain' } as const;

export default function PricingPage() {
  const { versions, canChange } = useLoaderData<typeof loader>();
  const navigate = useNavigate();
  const { pending, problem, run } = useAction();
  const current = versions.find(({ state }) => state === 'effective');
  const draft = (from: PricingVersion) =>
    run('draft', async () => {
      const { toolCharges, models, source } = from;
      const body = { name: `Version after ${from.id}`, note: '', source, toolCharges, models, draft: true };
      const made = await callApi<PricingVersion>('POST', '/admin/pricing-versions', { body });
      navigate(`/admin/pricing/${made.id}`);
    });
  return (
    <>
      <PageHeader
        title="Pricing"
        actions={
          current && (
            <Button
              size="sm"
              variant="primary"
              disabled={!canChange}
              pending={pending !== null}
              onClick={() => void draft(current)}
            >
              New draft
            </Button>
          )
        }
      />
      <PageBody className="max-w-4xl space-y-6">
        <ReadOnlyNote canChange={canChange} />
        {problem && <Alert tone="danger">{problem.message}</Alert>}
        <Section
          title="Versions"
          note="Prices are changed by making a version. What is in effect never changes, and turns keep the version that they were accepted with."
        >
          <Table
            caption="Pricing versions, the newest first"
            head={
              <>
                <Th numeric>No.</Th>
                <Th>Name</Th>
                <Th>State</Th>
                <Th>In effect from</Th>
                <Th>Made by</Th>
              </>
            }
          >
            {versions.map((version) => (
              <tr key={version.id}>
                <Td numeric>{version.id}</Td>
                <Td>
                  <Link
                    to={`/admin/pricing/${version.id}`}
                    className="font-medium text-accent-strong underline underline-offset-2"
                  >
                    {version.name}
                  </Link>
                </Td>
                <Td>
                  <Badge tone={TONES[version.state]}>{version.state}</Badge>
                </Td>
                <Td className="whitespace-nowrap">{version.effectiveAt ? formatTime(version.effectiveAt) : '–'}</Td>
                <Td>{version.createdBy ?? 'The installation'}</Td>
              </tr>
            ))}
          </Table>
        </Section>
      </PageBody>
    </>
  );
}

export { ErrorPage as ErrorBoundary };
