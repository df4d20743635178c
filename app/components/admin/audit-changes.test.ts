import { expect, test } from 'vitest';
import { changesOf } from '#app/components/admin/audit-changes.ts';

const nameOf = (alias: string) => ({ llama: 'Llama 3.3 70B', gpt_oss: 'GPT-OSS 120B' })[alias] ?? alias;
const model = (alias: string, multiplier: string) => ({ alias, inputUsdPerM: '0.1', multiplier, free: false });
const prices = (multiplier: string, search: string) => ({
  name: 'Winter',
  note: '',
  effectiveAt: null,
  toolCharges: { searchMicroCreditsPerCall: search },
  models: [model('llama', multiplier), model('gpt_oss', '0.5')],
});
const lines = (before: unknown, after: unknown) =>
  changesOf(before, after, nameOf).map(({ field, text }) => `${field}: ${text}`);

test('only what is different is told, with names for models and amounts of credits', () => {
  expect(lines(prices('0.5', '1000000'), prices('0.6', '2500000'))).toEqual([
    'Web search, a call: 1 credit → 2.5 credits',
    'Llama 3.3 70B: Multiplier 0.5 → 0.6',
  ]);
  expect(lines({ managerModelAlias: 'llama' }, { managerModelAlias: 'gpt_oss' })).toEqual([
    'Manager model alias: Llama 3.3 70B → GPT-OSS 120B',
  ]);
  expect(lines({ features: { webSearch: true } }, { features: { webSearch: false } })).toEqual([
    'Web search: yes → no',
  ]);
  expect(lines({ suspended: false }, { suspended: true, reason: 'Spam' })).toEqual([
    'Suspended: no → yes',
    'Reason: Spam',
  ]);
});

test('what is new is told by what it has, and what is gone says so', () => {
  expect(lines(null, prices('0.5', '1000000'))).toEqual([
    'Name: Winter',
    'Web search, a call: 1 credit',
    'Llama 3.3 70B: Input, USD per million 0.1; Multiplier 0.5; Free no',
    'GPT-OSS 120B: Input, USD per million 0.1; Multiplier 0.5; Free no',
  ]);
  expect(lines({ models: [model('llama', '0.5')], cap: '7' }, { models: [] })).toEqual([
    'Llama 3.3 70B: gone',
    'Cap: 7, gone',
  ]);
  expect(lines({ monthlyCapMicroCredits: null }, { monthlyCapMicroCredits: '5000000' })).toEqual([
    'Monthly cap: none → 5 credits',
  ]);
});
