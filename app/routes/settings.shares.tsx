import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { requirePageUser } from '#server/auth/require-user.ts';
import { findShares } from '#server/shares/find-shares.ts';
import { SettingsSection } from '#app/components/settings/settings-section.tsx';
import { ShareList } from '#app/components/shares/share-list.tsx';
import { useReload } from '#app/components/use-reload.ts';

export const meta: MetaFunction = () => [{ title: 'Shared links · Settings · Pantheon' }];

const SHOWN = 200;

export async function loader({ context, request }: LoaderFunctionArgs) {
  const { user } = await requirePageUser(context, request);
  const { items } = await findShares(context.app, { userId: user.id, limit: SHOWN });
  return { shares: items };
}

export default function ShareSettings() {
  const { shares } = useLoaderData<typeof loader>();
  const reload = useReload();
  return (
    <SettingsSection
      title="Shared links"
      description="Whoever has one can read what it shows, until it ends or you revoke it."
    >
      {shares.length === 0 ? (
        <p className="py-4 text-center text-sm text-ink-soft">Nothing is shared. A room’s menu has “Share a link”.</p>
      ) : (
        <ShareList shares={shares} withNames onRevoked={reload} />
      )}
    </SettingsSection>
  );
}
