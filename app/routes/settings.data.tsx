import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { Download } from 'lucide-react';
import { requirePageUser } from '#server/auth/require-user.ts';
import { DeleteAccount } from '#app/components/settings/delete-account.tsx';
import { ImportRoom } from '#app/components/settings/import-room.tsx';
import { SettingsSection } from '#app/components/settings/settings-section.tsx';
import { Button } from '#app/components/ui/button.tsx';

export const meta: MetaFunction = () => [{ title: 'Data · Settings · Pantheon' }];

export async function loader({ context, request }: LoaderFunctionArgs) {
  const { user } = await requirePageUser(context, request);
  return { email: user.email, suspended: user.suspended };
}

export default function DataSettings() {
  const { email, suspended } = useLoaderData<typeof loader>();
  return (
    <>
      <SettingsSection
        title="Export"
        description="Your rooms, direct chats, files and credits in one zip, as JSON and as Markdown."
      >
        <Button asChild>
          <a href="/api/v1/export" download>
            <Download aria-hidden className="size-4" />
            Export everything
          </a>
        </Button>
      </SettingsSection>
      <SettingsSection
        title="Import"
        description="A room’s file, from its menu or from an export: its agents, its mode and what was said come along."
      >
        <ImportRoom disabled={suspended} />
      </SettingsSection>
      <SettingsSection title="Delete account" description="Seven days to change your mind, then nothing is left.">
        <DeleteAccount email={email} />
      </SettingsSection>
    </>
  );
}
