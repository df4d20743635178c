import { beforeAll, describe, expect, it } from 'vitest';
import { findAllowedAliases } from '#server/models/find-allowed-aliases.ts';
import { findModels } from '#server/models/find-models.ts';
import { findPlans } from '#server/models/find-plans.ts';
import { createDataApp, type DataApp } from '#tests/support/data-app.ts';

let app: DataApp;
beforeAll(async () => {
  app = await createDataApp();
});

describe('FR-AGENT-003 models by plan', () => {
  it('without a plan and on Starter, three; Pro adds deepseek, Power premium', async () => {
    const three = ['llama', 'qwen', 'gpt_oss'];
    expect(await findAllowedAliases(app, null)).toEqual(three);
    expect(await findAllowedAliases(app, 'starter')).toEqual(three);
    expect(await findAllowedAliases(app, 'pro')).toEqual([...three, 'deepseek']);
    expect(await findAllowedAliases(app, 'power')).toEqual([...three, 'deepseek', 'premium']);
    expect(await findAllowedAliases(app, 'unheard-of')).toEqual([]);
  });

  it('a picker shows all five, with what is allowed and which plan has the rest', async () => {
    const models = await findModels(app, { plan: null });
    expect(models.map(({ alias, allowed, minimalPlan }) => [alias, allowed, minimalPlan?.id ?? null])).toEqual([
      ['llama', true, null],
      ['qwen', true, null],
      ['deepseek', false, 'pro'],
      ['gpt_oss', true, null],
      ['premium', false, 'power'],
    ]);
    expect(models.every(({ displayName, multiplier }) => displayName !== '' && Number(multiplier) >= 0.5)).toBe(true);
    expect((await findModels(app, { plan: 'power' })).every(({ allowed }) => allowed)).toBe(true);
  });

  it('shows the pricing version in effect, not one to come', async () => {
    await app.db.query(`INSERT INTO pricing_versions (id, name, effective_at, metadata) VALUES
      (2, 'now', now(), '{}'), (3, 'to come', now() + interval '1 day', '{}'), (4, 'draft', NULL, '{}')`);
    await app.db.query(`INSERT INTO model_pricing SELECT v.id, m.alias, m.provider, m.model, v.name, m.input_usd_per_m,
      m.cached_usd_per_m, m.output_usd_per_m, 1.25, m.context_tokens, m.max_output_tokens, m.free
      FROM model_pricing m, pricing_versions v WHERE m.pricing_version_id = 1 AND v.id > 1`);
    const [llama] = await findModels(app, { plan: null });
    expect(llama).toMatchObject({ displayName: 'now', multiplier: '1.25' });
  });

  it('plans are offered with their credits, the smallest first', async () => {
    expect(await findPlans(app)).toMatchObject([
      { id: 'starter', monthlyMicroCredits: '495000000' },
      { id: 'pro', monthlyMicroCredits: '1980000000' },
      { id: 'power', monthlyMicroCredits: '4180000000' },
    ]);
  });
});
