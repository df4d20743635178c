import type { App } from '#server/app.ts';
import { recordAudit, type By } from '#server/admin/audit/record-audit.ts';
import type { SetSettings, Settings } from '#server/admin/contract.ts';
import { definedOnly } from '#server/agents/defined-only.ts';
import { getSettings } from '#server/admin/settings/get-settings.ts';

/** Changes what is given and nothing else; the audit log gets what really changed. Acts on the next request or turn. */
export async function setSettings(
  app: Pick<App, 'env' | 'prisma'>,
  { change, by }: { change: SetSettings; by: By },
): Promise<Settings> {
  return app.prisma.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('pantheon: settings'))`;
    const before = await getSettings({ prisma: tx, env: app.env });
    const after: Settings = {
      managerModelAlias: change.managerModelAlias ?? before.managerModelAlias,
      signupMode: change.signupMode ?? before.signupMode,
      features: { ...before.features, ...definedOnly(change.features ?? {}) },
      maintenance: change.maintenance ?? before.maintenance,
    };
    const changed = (Object.keys(KEYS) as (keyof Settings)[]).filter(
      (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
    );
    if (changed.length === 0) return before;
    for (const name of changed) {
      const key = KEYS[name];
      const value = after[name];
      await tx.platformSetting.upsert({
        where: { key },
        create: { key, value },
        update: { value, updatedAt: new Date() },
      });
    }
    await recordAudit(tx, {
      ...by,
      action: 'settings.update',
      target: { type: 'settings', id: null },
      before: pick(before, changed),
      after: pick(after, changed),
    });
    return after;
  });
}

const KEYS: Record<keyof Settings, string> = {
  managerModelAlias: 'manager_model_alias',
  signupMode: 'signup_mode',
  features: 'features',
  maintenance: 'maintenance',
};

function pick(settings: Settings, names: (keyof Settings)[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, settings[name]]));
}
