import { expect, test } from 'vitest';
import { EnvError, parseEnv } from '#server/platform/env.ts';

const PRODUCTION = {
  NODE_ENV: 'production',
  APP_URL: 'https://pantheon.example.com',
  SESSION_SECRET: 'k3YwQm9zXo1vT7bL5nR8cH2dJ6fG4aS0',
};

function problemsOf(source: Record<string, string>): string {
  try {
    parseEnv(source);
  } catch (error) {
    if (error instanceof EnvError) return error.message;
    throw error;
  }
  return '';
}

test('nothing configured is a working configuration', () => {
  expect(parseEnv({})).toMatchObject({
    production: false,
    role: 'all',
    port: 3000,
    appUrl: 'http://localhost:3000',
    databaseUrl: null,
    llmBaseUrl: null,
    signupMicroCredits: 100_000_000n,
    limitQueuedTurns: 500,
  });
});

test('an empty value is no value', () => {
  expect(parseEnv({ PORT: '', DATABASE_URL: '' })).toMatchObject({ port: 3000, databaseUrl: null });
});

test('everything that is wrong is said at once, by name and in words', () => {
  const said = problemsOf({ PORT: 'http', SIGNUP_MODE: 'closed', DATABASE_URL: 'mysql://x' });
  expect(said).toContain('PORT must be a whole number from 0 to 65535');
  expect(said).toContain('SIGNUP_MODE must be one of open, invite');
  expect(said).toContain('DATABASE_URL must be an address like postgresql://');
});

test.each([
  [{ LLM_API_KEY: 'k' }, 'LLM_API_KEY is set but LLM_BASE_URL is not'],
  [{ STRIPE_SECRET_KEY: 'sk_test_1' }, 'STRIPE_SECRET_KEY is set but STRIPE_WEBHOOK_SECRET is not'],
  [{ STRIPE_WEBHOOK_SECRET: 'whsec_1' }, 'STRIPE_WEBHOOK_SECRET is set but STRIPE_SECRET_KEY is not'],
  [{ SUPABASE_URL: 'https://a.supabase.co' }, 'SUPABASE_URL is set but SUPABASE_ANON_KEY is not'],
  [{ LLM_MODEL_GPT: 'x' }, 'LLM_MODEL_GPT is not known'],
  [{ STRIPE_PRICE_GOLD: 'price_1' }, 'STRIPE_PRICE_GOLD is not known'],
  [{ STRIPE_PRICE_TOPUP_MANY: 'price_1' }, 'STRIPE_PRICE_TOPUP_MANY must end in a number'],
])('a half configuration is refused: %o', (source, words) => {
  expect(problemsOf(source)).toContain(words);
});

test('families of variables are read by what their names end in', () => {
  const env = parseEnv({ LLM_MODEL_GPT_OSS: 'a/b', STRIPE_PRICE_PRO: 'price_1', STRIPE_PRICE_TOPUP_500: 'price_2' });
  expect(env.llmModels).toEqual({ gpt_oss: 'a/b' });
  expect(env.stripePlanPrices).toEqual({ pro: 'price_1' });
  expect(env.stripeTopUpPrices).toEqual({ '500': 'price_2' });
});

test('production refuses to start without its address and a secret of its own', () => {
  expect(problemsOf({ NODE_ENV: 'production' })).toMatch(/APP_URL is required[^]*SESSION_SECRET is required/);
  expect(problemsOf({ ...PRODUCTION, SESSION_SECRET: 'short' })).toContain('too short or a well-known demo value');
  expect(problemsOf({ ...PRODUCTION, SESSION_SECRET: 'change-me-change-me-change-me-change-me' })).toContain(
    'demo value',
  );
  expect(parseEnv(PRODUCTION)).toMatchObject({ production: true, appUrl: 'https://pantheon.example.com' });
});
