import type { App } from '#server/app.ts';
import { newId } from '#server/platform/ids.ts';
import type { Prisma } from '#server/platform/prisma/client.ts';

/** The credits to try the product with: a lot that doesn't expire, once per user. Makes the wallet if there is none. */
export async function grantSignupCredits(
  tx: Pick<Prisma.TransactionClient, '$queryRaw'>,
  { env }: Pick<App, 'env'>,
  userId: string,
): Promise<void> {
  if (env.signupMicroCredits <= 0n) return;
  await tx.$queryRaw`SELECT grant_credits(${newId()}::uuid, ${userId}::uuid, 'signup', ${`signup:${userId}`},
    ${env.signupMicroCredits}::bigint, NULL, 'Welcome')`;
}
