import type { App } from '#server/app.ts';
import { recordAudit, type By } from '#server/admin/audit/record-audit.ts';
import type { ModelPolicy } from '#server/admin/contract.ts';
import { ZModelAlias, type ModelAlias } from '#server/agents/contract.ts';
import { transaction } from '#server/platform/db.ts';
import { notFound } from '#server/platform/errors.ts';

/**
 * Says which models a plan has. From the next message on: an agent on a model that its owner's plan lost is refused with
 * `model_not_allowed`; turns that were accepted go on. Throws `not_found` for an unknown plan.
 */
export async function setModelPolicy(
  { db }: Pick<App, 'db'>,
  { plan, aliases, by }: { plan: string; aliases: ModelAlias[]; by: By },
): Promise<ModelPolicy> {
  return transaction(db, async (tx) => {
    const { rows } = await tx.query<{ before: string[] }>(
      'SELECT model_aliases AS before FROM plans WHERE id = $1 FOR UPDATE',
      [plan],
    );
    const before = rows[0]?.before;
    if (!before) throw notFound();
    const ordered = ZModelAlias.options.filter((alias) => aliases.includes(alias));
    if (before.length === ordered.length && ordered.every((alias) => before.includes(alias))) {
      return { plan, aliases: ordered };
    }
    await tx.query('UPDATE plans SET model_aliases = $2 WHERE id = $1', [plan, ordered]);
    await recordAudit(tx, {
      ...by,
      action: 'model_policy.update',
      target: { type: 'plan', id: plan },
      before: { aliases: before },
      after: { aliases: ordered },
    });
    return { plan, aliases: ordered };
  });
}
