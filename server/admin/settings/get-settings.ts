import type { App } from '#server/app.ts';
import { FEATURES, ZSettings, type Feature, type Settings } from '#server/admin/contract.ts';
import { AppError } from '#server/platform/errors.ts';
import type { Prisma } from '#server/platform/prisma/client.ts';

type Prism = { prisma: Pick<Prisma.TransactionClient, 'platformSetting'> };

/** The platform's settings: what an owner chose, else what the environment says, else everything on and no maintenance. */
export async function getSettings({ prisma, env }: Prism & Pick<App, 'env'>): Promise<Settings> {
  const rows = await prisma.platformSetting.findMany();
  const given = new Map(rows.map(({ key, value }) => [key, value]));
  return ZSettings.parse({
    managerModelAlias: given.get('manager_model_alias'),
    signupMode: given.get('signup_mode') ?? env.signupMode,
    features: { ...allOn(), ...(given.get('features') as object | undefined) },
    maintenance: given.get('maintenance') ?? false,
  });
}

/** Throws `unavailable` where an owner has switched it off. */
export async function assertFeatureOn({ prisma }: Prism, feature: Feature, words: string): Promise<void> {
  const row = await prisma.platformSetting.findUnique({ where: { key: 'features' } });
  const features = row?.value as Partial<Record<Feature, boolean>> | undefined;
  if (features?.[feature] === false) throw new AppError('unavailable', `${words} are switched off for now.`);
}

function allOn(): Record<Feature, boolean> {
  return Object.fromEntries(FEATURES.map((feature) => [feature, true])) as Record<Feature, boolean>;
}
