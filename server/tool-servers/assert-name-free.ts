import type { App } from '#server/app.ts';
import { AppError } from '#server/platform/errors.ts';

export async function assertNameFree(
  { prisma }: Pick<App, 'prisma'>,
  { userId, name, except }: { userId: string; name: string; except: string | null },
): Promise<void> {
  const other = await prisma.toolServer.findFirst({ where: { userId, name }, select: { id: true } });
  if (!other || other.id === except) return;
  const message = 'You have a server of this name.';
  throw new AppError('invalid_input', message, { errors: [{ path: 'name', message }] });
}
