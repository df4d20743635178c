import type { App } from '#server/app.ts';
import type { UpdateProfile, User } from '#server/auth/contract.ts';

/** Changes how a person is called; what is left out stays, and an empty name takes the name back. */
export async function updateProfile(
  { prisma }: Pick<App, 'prisma'>,
  { user, changes }: { user: User; changes: UpdateProfile },
): Promise<User> {
  if (changes.displayName === undefined) return user;
  await prisma.user.update({
    where: { id: user.id },
    data: { displayName: changes.displayName === '' ? null : changes.displayName },
  });
  const { displayName: _, ...rest } = user;
  return changes.displayName === '' ? rest : { ...rest, displayName: changes.displayName };
}
