import { Link2 } from 'lucide-react';
import type { Share } from '#server/shares/contract.ts';
import { callApi } from '#app/components/api.ts';
import { formatDay } from '#app/components/billing/dates.ts';
import { Alert } from '#app/components/ui/alert.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { useAction } from '#app/components/use-action.ts';

type ShareListProps = { shares: readonly Share[]; withNames: boolean; onRevoked: (share: Share) => void };

/** Links that are in force; revoking one takes effect at once. */
export function ShareList({ shares, withNames, onRevoked }: ShareListProps) {
  const { pending, problem, run } = useAction();
  return (
    <>
      <ul className="-my-1 divide-y divide-line">
        {shares.map((share) => {
          const what = share.kind === 'turn' ? 'One question' : 'Conversation';
          return (
            <li key={share.id} className="flex items-center gap-3 py-2.5">
              <Link2 aria-hidden className="size-4 shrink-0 text-ink-faint" />
              <div className="min-w-0 flex-1">
                <p className="truncate text-sm font-medium">{withNames ? share.conversationName : what}</p>
                <p className="text-[13px] text-ink-faint">
                  {withNames && `${what} · `}made {formatDay(share.createdAt)}, ends {formatDay(share.expiresAt)}
                </p>
              </div>
              <Button
                size="sm"
                pending={pending === share.id}
                aria-label={`Revoke: ${share.conversationName}, ${what}, made ${formatDay(share.createdAt)}`}
                onClick={() =>
                  void run(share.id, async () => {
                    await callApi('DELETE', `/shares/${share.id}`);
                    onRevoked(share);
                  })
                }
              >
                Revoke
              </Button>
            </li>
          );
        })}
      </ul>
      {problem && (
        <Alert tone="danger" className="mt-3">
          {problem.message}
        </Alert>
      )}
    </>
  );
}
