import type { ModelAlias } from '#server/agents/contract.ts';
import type { User } from '#server/auth/contract.ts';
import { findAllowedAliases } from '#server/models/find-allowed-aliases.ts';
import { AppError } from '#server/platform/errors.ts';

type Prisma = Parameters<typeof findAllowedAliases>[0];

/** Throws `model_not_allowed` unless the user's plan has each alias; what is null or left out needs none. */
export async function assertModelAllowed(
  app: Prisma,
  user: Pick<User, 'plan'>,
  aliases: (ModelAlias | null | undefined)[],
): Promise<void> {
  const asked = aliases.filter((alias) => alias !== null && alias !== undefined);
  if (asked.length === 0) return;
  const allowed = await findAllowedAliases(app, user.plan);
  const refused = asked.find((alias) => !allowed.includes(alias));
  if (refused === undefined) return;
  throw new AppError(
    'model_not_allowed',
    `Your plan does not include the model “${refused}”. It has ${allowed.join(', ') || 'none'}; upgrade for more.`,
  );
}
