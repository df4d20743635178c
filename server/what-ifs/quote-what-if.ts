import type { App } from '#server/app.ts';
import type { User } from '#server/auth/contract.ts';
import type { Quote } from '#server/billing/contract.ts';
import { quoteAccepted } from '#server/billing/quote-turn.ts';
import { transaction } from '#server/platform/db.ts';
import type { WhatIf } from '#server/what-ifs/contract.ts';
import { varyTurn } from '#server/what-ifs/vary-turn.ts';

/** What a what-if would cost, as `quoteTurn` says it of a send. Throws what trying it would, but for credit and queue. */
export async function quoteWhatIf(
  app: Pick<App, 'db'>,
  { user, turnId, wanted }: { user: User; turnId: string; wanted: WhatIf },
): Promise<Quote> {
  const { source, conversation, given } = await transaction(app.db, (tx) => varyTurn(tx, user, turnId, wanted));
  const request = {
    message: source.message,
    fileIds: source.row.snapshot.fileIds,
    parentTurnId: source.row.parent_turn_id,
  };
  return quoteAccepted(app, { user, conversation, request, given });
}
