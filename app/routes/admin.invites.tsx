import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { useState } from 'react';
import { findInvites } from '#server/admin/invites/find-invites.ts';
import { mayChange } from '#server/admin/may-change.ts';
import { getSettings } from '#server/admin/settings/get-settings.ts';
import { requireAdminPage } from '#server/auth/require-user.ts';
import { ChangeButton } from '#app/components/admin/change-button.tsx';
import { Pager } from '#app/components/admin/pager.tsx';
import { ReadOnlyNote } from '#app/components/admin/read-only-note.tsx';
import { Empty, Section } from '#app/components/admin/section.tsx';
import { callApi } from '#app/components/api.ts';
import { formatDay } from '#app/components/billing/dates.ts';
import { Table, Td, Th } from '#app/components/billing/table.tsx';
import { ErrorPage } from '#app/components/error-page.tsx';
import { PageBody, PageHeader } from '#app/components/shell.tsx';
import { Badge } from '#app/components/ui/badge.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { Field } from '#app/components/ui/field.tsx';
import { Input } from '#app/components/ui/input.tsx';
import { useAction } from '#app/components/use-action.ts';
import { useReload } from '#app/components/use-reload.ts';

export const handle = { shell: true };
export const meta: MetaFunction = () => [{ title: 'Invitations · Admin · Pantheon' }];

export async function loader({ context, request }: LoaderFunctionArgs) {
  const principal = await requireAdminPage(context, request);
  const cursor = new URL(request.url).searchParams.get('cursor') ?? undefined;
  const [page, settings] = await Promise.all([
    findInvites(context.app, { limit: 50, cursor }),
    getSettings(context.app),
  ]);
  return { page, signupMode: settings.signupMode, canChange: mayChange(principal) };
}

export default function InvitesPage() {
  const { page, signupMode, canChange } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader title="Invitations" />
      <PageBody className="max-w-4xl space-y-8">
        <ReadOnlyNote canChange={canChange} />
        <p className="text-sm text-ink-soft">
          {signupMode === 'open'
            ? 'Anybody can sign up, so nobody needs an invitation. '
            : 'Only who is invited can sign up. No mail is sent: tell them to sign in with the address that you invite. '}
          <Link to="/admin/settings" className="text-accent-strong underline underline-offset-2">
            Change the sign-up mode
          </Link>
        </p>
        <InviteForm canChange={canChange} />
        <Section title="Invited">
          {page.items.length === 0 ? (
            <Empty>Nobody was invited yet.</Empty>
          ) : (
            <Table
              caption="Invitations, the newest first"
              head={
                <>
                  <Th>E-mail</Th>
                  <Th>Invited</Th>
                  <Th>State</Th>
                  <Th>
                    <span className="sr-only">What to do</span>
                  </Th>
                </>
              }
            >
              {page.items.map((invite) => (
                <tr key={invite.id}>
                  <Td>{invite.email}</Td>
                  <Td className="whitespace-nowrap">{formatDay(invite.createdAt)}</Td>
                  <Td>
                    {invite.acceptedAt ? (
                      <Badge tone="accent">in since {formatDay(invite.acceptedAt)}</Badge>
                    ) : (
                      <Badge>waiting</Badge>
                    )}
                  </Td>
                  <Td>
                    {!invite.acceptedAt && (
                      <div className="flex flex-wrap justify-end gap-2">
                        <ChangeButton
                          verb="Revoke"
                          size="sm"
                          label={`Revoke the invitation of ${invite.email}`}
                          title={`Take back the invitation of ${invite.email}?`}
                          effect="While sign-up is by invitation, this address can’t make an account."
                          method="DELETE"
                          path={`/admin/invites/${invite.id}`}
                          disabled={!canChange}
                        />
                      </div>
                    )}
                  </Td>
                </tr>
              ))}
            </Table>
          )}
          <Pager nextCursor={page.nextCursor} />
        </Section>
      </PageBody>
    </>
  );
}

function InviteForm({ canChange }: { canChange: boolean }) {
  const [email, setEmail] = useState('');
  const { pending, problem, run } = useAction();
  const reload = useReload();
  const invite = () =>
    run('invite', async () => {
      await callApi('POST', '/admin/invites', { body: { email } });
      setEmail('');
      reload();
    });
  return (
    <form
      className="flex flex-wrap items-start gap-3"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void invite();
      }}
    >
      <Field
        label="E-mail address"
        className="min-w-0 flex-1 basis-64"
        error={problem?.fields['email'] ?? problem?.message}
      >
        {(control) => (
          <Input
            {...control}
            type="email"
            autoComplete="off"
            value={email}
            disabled={!canChange}
            onChange={(event) => setEmail(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" variant="primary" className="mt-6.5 h-10" pending={pending !== null} disabled={!canChange}>
        Invite
      </Button>
    </form>
  );
}

export { ErrorPage as ErrorBoundary };
