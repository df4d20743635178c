import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { useState } from 'react';
import { requirePageUser } from '#server/auth/require-user.ts';
import { callApi } from '#app/components/api.ts';
import { SettingsSection } from '#app/components/settings/settings-section.tsx';
import { Alert } from '#app/components/ui/alert.tsx';
import { Badge } from '#app/components/ui/badge.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { Field } from '#app/components/ui/field.tsx';
import { Input } from '#app/components/ui/input.tsx';
import { useAction } from '#app/components/use-action.ts';
import { useReload } from '#app/components/use-reload.ts';

export const meta: MetaFunction = () => [{ title: 'Profile · Settings · Pantheon' }];

export async function loader({ context, request }: LoaderFunctionArgs) {
  const { user } = await requirePageUser(context, request);
  return { user };
}

export default function ProfileSettings() {
  const { user } = useLoaderData<typeof loader>();
  const reload = useReload();
  const [displayName, setDisplayName] = useState(user.displayName ?? '');
  const [saved, setSaved] = useState(false);
  const { pending, problem, run } = useAction();
  return (
    <>
      <SettingsSection
        title="Profile"
        description="Only you see this. Agents don’t get your name unless you tell them."
      >
        <form
          noValidate
          className="space-y-5"
          onSubmit={(event) => {
            event.preventDefault();
            setSaved(false);
            void run('save', async () => {
              await callApi('PATCH', '/auth/me', { body: { displayName } });
              reload();
              setSaved(true);
            });
          }}
        >
          <Field label="Name" aside="optional" error={problem?.fields['displayName']} hint="How Pantheon calls you.">
            {(control) => (
              <Input
                {...control}
                value={displayName}
                maxLength={60}
                autoComplete="name"
                disabled={user.suspended}
                onChange={(event) => {
                  setDisplayName(event.target.value);
                  setSaved(false);
                }}
              />
            )}
          </Field>
          {problem && !problem.fields['displayName'] && <Alert tone="danger">{problem.message}</Alert>}
          <div className="flex items-center gap-3">
            <Button type="submit" variant="primary" pending={pending !== null} disabled={user.suspended}>
              Save
            </Button>
            <p role="status" className="text-sm text-ink-soft">
              {saved && 'Saved.'}
            </p>
          </div>
        </form>
      </SettingsSection>
      <SettingsSection title="Account">
        <dl className="grid gap-x-6 gap-y-3 text-sm sm:grid-cols-[8rem_1fr]">
          <dt className="text-ink-faint">E-mail address</dt>
          <dd className="min-w-0 truncate">{user.email}</dd>
          <dt className="text-ink-faint">Plan</dt>
          <dd className="flex items-center gap-3">
            <span className="capitalize">{user.plan ?? 'None'}</span>
            <Link to="/billing" className="text-accent underline underline-offset-3">
              Billing
            </Link>
          </dd>
          {user.role !== 'user' && (
            <>
              <dt className="text-ink-faint">Role</dt>
              <dd>
                <Badge>{user.role}</Badge>
              </dd>
            </>
          )}
        </dl>
        {user.suspended && (
          <Alert tone="warn" className="mt-4">
            This account is suspended: you can read and sign out.
          </Alert>
        )}
      </SettingsSection>
    </>
  );
}
