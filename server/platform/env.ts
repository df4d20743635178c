import { resolve } from 'node:path';
import { z } from 'zod';
import { MODEL_ALIASES, type ModelAlias } from '#server/agents/contract.ts';

export type Role = 'all' | 'web' | 'worker';

/** The whole configuration of a process. What is null is not configured. */
export type Env = {
  nodeEnv: 'development' | 'test' | 'production';
  production: boolean;
  role: Role;
  port: number;
  /** Absolute. Embedded database, uploads, generated secrets. */
  dataDir: string;
  /** Null: the embedded PostgreSQL. */
  databaseUrl: string | null;
  /** Origin without a trailing slash; links in mails and the same-origin check use it. */
  appUrl: string;
  /** Null only before the start has read or made the one in `dataDir`. */
  sessionSecret: string | null;
  /** What secrets at rest are sealed with; null: the session secret. */
  secretsKey: string | null;
  /** Whether people may add tool servers on this machine and in private networks, and by plain HTTP. */
  toolServersPrivate: boolean;
  /** How long a call of such a server's tool may take. */
  toolCallSeconds: number;
  /** How long a turn waits for its person's word on a tool's call; then it is a no. */
  toolApprovalSeconds: number;
  trustProxy: number;
  logLevel: 'error' | 'warn' | 'info' | 'debug';
  /** The OpenAI-compatible endpoint (`…/v1`). Null with no OpenRouter key either: the offline demo model. */
  llmBaseUrl: string | null;
  llmApiKey: string | null;
  openrouterApiKey: string | null;
  /** One provider model id for every alias. */
  llmModel: string | null;
  /** The provider's model id for one alias; wins over `llmModel`. */
  llmModels: Partial<Record<ModelAlias, string>>;
  tavilyApiKey: string | null;
  tavilyBaseUrl: string;
  stripeSecretKey: string | null;
  stripeWebhookSecret: string | null;
  stripeApiBase: string | null;
  /** Stripe price ids by plan id, e.g. `pro`. */
  stripePlanPrices: Record<string, string>;
  /** Stripe price ids by the credits of a top-up, e.g. `500`. */
  stripeTopUpPrices: Record<string, string>;
  /** Lower case. */
  ownerEmail: string | null;
  signupMode: 'open' | 'invite';
  signupMicroCredits: bigint;
  limitQueuedTurns: number;
  /** Turns that run at once, in all processes together; more wait. */
  limitRunningTurns: number;
  /** Milliseconds by which the event loop is late, for a while, before requests are turned away. */
  limitEventLoopDelayMs: number;
  /** Megabytes of resident memory above which requests are turned away. Null: nine tenths of the heap’s limit. */
  limitMemoryMb: number | null;
  /** Requests a minute with a user's API keys, per process. */
  limitApiRequests: number;
  /** Sites whose pages may call LangGraph's API with a key; `*` is any. */
  langgraphOrigins: string[];
  /** Days after which messages and files are purged, unless their conversation is kept. 0: never. */
  retentionDays: number;
  limitMagicLinkPerAddress: number;
  limitMagicLinkPerIp: number;
  supabaseUrl: string | null;
  supabaseAnonKey: string | null;
  supabaseServiceRoleKey: string | null;
  smtpUrl: string | null;
  sentryDsn: string | null;
  metricsToken: string | null;
  /** Where traces go, without `/v1/traces`. */
  otlpEndpoint: string | null;
  studioPort: number;
};

/** The configuration is wrong; the message says how, one line per problem, and is meant for the person who starts the server. */
export class EnvError extends Error {
  override readonly name = 'EnvError';
}

const PLANS = ['starter', 'pro', 'power'] as const;
const WELL_KNOWN_SECRETS = ['change-me', 'changeme', 'secret', 'demo', 'development', 'replace-me'];

const url = (protocols: string[], example: string) =>
  z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), {
    message: `must be an address like ${example}`,
  });
const httpUrl = (example: string) => url(['http:', 'https:'], example).transform((value) => value.replace(/\/+$/, ''));
const whole = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number from ${from} to ${to}`)
    .transform(Number)
    .refine((value) => value >= from && value <= to, `must be a whole number from ${from} to ${to}`);
const isOrigin = (value: string) => URL.canParse(value) && /^https?:/.test(value) && new URL(value).origin === value;
const oneOf = <const T extends string>(values: readonly T[]) =>
  z.enum(values, { message: `must be one of ${values.join(', ')}` });

/** Every variable that has one fixed name. `.env.example` lists the same; a test compares them. */
const ZSource = z.object({
  NODE_ENV: oneOf(['development', 'test', 'production']).default('development'),
  PANTHEON_ROLE: oneOf(['all', 'web', 'worker']).default('all'),
  PORT: whole(0, 65_535).default(3000),
  DATA_DIR: z.string().default('.data'),
  DATABASE_URL: url(['postgres:', 'postgresql:'], 'postgresql://user:password@host:5432/pantheon').optional(),
  APP_URL: httpUrl('https://pantheon.example.com')
    .refine(
      (value) => URL.canParse(value) && new URL(value).origin === value.toLowerCase(),
      'must be an origin, with no path',
    )
    .optional(),
  SESSION_SECRET: z.string().optional(),
  SECRETS_KEY: z.string().min(32, 'must have at least 32 characters').optional(),
  TOOL_SERVERS_PRIVATE: oneOf(['yes', 'no']).default('no'),
  TOOL_CALL_SECONDS: whole(1, 300).default(30),
  TOOL_APPROVAL_SECONDS: whole(1, 840).default(300),
  TRUST_PROXY: whole(0, 10).default(0),
  LOG_LEVEL: oneOf(['error', 'warn', 'info', 'debug']).default('info'),
  LLM_BASE_URL: httpUrl('http://localhost:11434/v1').optional(),
  LLM_API_KEY: z.string().optional(),
  OPENROUTER_API_KEY: z.string().optional(),
  LLM_MODEL: z.string().optional(),
  TAVILY_API_KEY: z.string().optional(),
  TAVILY_BASE_URL: httpUrl('https://api.tavily.com').default('https://api.tavily.com'),
  STRIPE_SECRET_KEY: z.string().optional(),
  STRIPE_WEBHOOK_SECRET: z.string().optional(),
  STRIPE_API_BASE: httpUrl('https://api.stripe.com').optional(),
  OWNER_EMAIL: z.string().trim().toLowerCase().pipe(z.email('must be an e-mail address')).optional(),
  SIGNUP_MODE: oneOf(['open', 'invite']).default('open'),
  SIGNUP_CREDITS: whole(0, 1_000_000).default(100),
  LIMIT_QUEUED_TURNS: whole(1, 1_000_000).default(500),
  LIMIT_RUNNING_TURNS: whole(1, 1_000_000).default(1_000),
  LIMIT_EVENT_LOOP_DELAY_MS: whole(20, 60_000).default(1_500),
  LIMIT_MEMORY_MB: whole(64, 1_000_000).optional(),
  LIMIT_API_REQUESTS: whole(1, 1_000_000).default(6_000),
  LANGGRAPH_ORIGINS: z
    .string()
    .default('')
    .transform((list) => list.split(/[\s,]+/).filter((origin) => origin !== ''))
    .refine(
      (origins) => origins.every((origin) => origin === '*' || isOrigin(origin)),
      'must be origins like https://chat.example.com, separated by commas, or *',
    ),
  RETENTION_DAYS: whole(0, 36_500).default(90),
  LIMIT_MAGIC_LINK_PER_ADDRESS: whole(1, 1_000_000).default(5),
  LIMIT_MAGIC_LINK_PER_IP: whole(1, 1_000_000).default(60),
  SUPABASE_URL: httpUrl('https://abc.supabase.co').optional(),
  SUPABASE_ANON_KEY: z.string().optional(),
  SUPABASE_SERVICE_ROLE_KEY: z.string().optional(),
  SMTP_URL: url(['smtp:', 'smtps:'], 'smtp://user:password@mail.example.com:587').optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl('http://localhost:4318').optional(),
  SENTRY_DSN: httpUrl('https://key@sentry.example.com/1').optional(),
  METRICS_TOKEN: z.string().min(16, 'At least 16 characters.').optional(),
  STUDIO_PORT: whole(1, 65_535).default(2024),
});
type Source = z.infer<typeof ZSource>;

export const ENV_NAMES: readonly string[] = Object.keys(ZSource.shape);

/** `value` of each left name is useless without one of the names at its right. */
const NEEDS: [keyof Source, (keyof Source)[]][] = [
  ['LLM_API_KEY', ['LLM_BASE_URL']],
  ['STRIPE_SECRET_KEY', ['STRIPE_WEBHOOK_SECRET']],
  ['STRIPE_WEBHOOK_SECRET', ['STRIPE_SECRET_KEY']],
  ['STRIPE_API_BASE', ['STRIPE_SECRET_KEY']],
  ['SUPABASE_URL', ['SUPABASE_ANON_KEY']],
  ['SUPABASE_ANON_KEY', ['SUPABASE_URL']],
  ['SUPABASE_SERVICE_ROLE_KEY', ['SUPABASE_URL']],
];

/** Parses the environment or throws one `EnvError` that names everything wrong with it. An empty value counts as unset. */
export function parseEnv(given: Record<string, string | undefined>): Env {
  const source = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = ZSource.safeParse(source);
  if (!parsed.success) {
    throw refusal(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`));
  }
  const problems: string[] = [];
  const llmModels = named(source, 'LLM_MODEL_', MODEL_ALIASES, problems) as Env['llmModels'];
  const { LLM_MODEL: _one, ...prices } = source;
  const stripeTopUpPrices = named(prices, 'STRIPE_PRICE_TOPUP_', 'credits', problems);
  const planPrices = Object.fromEntries(
    Object.entries(prices).filter(([name]) => !name.startsWith('STRIPE_PRICE_TOPUP_')),
  );
  const stripePlanPrices = named(planPrices, 'STRIPE_PRICE_', PLANS, problems);
  problems.push(...combinationProblems(parsed.data));
  if (problems.length > 0) throw refusal(problems);
  return toEnv(parsed.data, { llmModels, stripePlanPrices, stripeTopUpPrices });
}

function refusal(problems: string[]): EnvError {
  return new EnvError(`The configuration is not valid:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
}

/** The variables whose names end in one of a family: `{ deepseek: 'deepseek/deepseek-chat' }`. */
function named(
  source: Record<string, string | undefined>,
  prefix: string,
  allowed: readonly string[] | 'credits',
  problems: string[],
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(source)) {
    if (!name.startsWith(prefix) || value === undefined) continue;
    const key = name.slice(prefix.length).toLowerCase();
    if (allowed === 'credits' ? /^[1-9]\d{0,8}$/.test(key) : allowed.includes(key)) found[key] = value;
    else if (allowed === 'credits') problems.push(`${name} must end in a number of credits, like ${prefix}500`);
    else problems.push(`${name} is not known; after ${prefix} comes one of ${allowed.join(', ').toUpperCase()}`);
  }
  return found;
}

function combinationProblems(source: Source): string[] {
  const problems = NEEDS.filter(
    ([name, others]) => source[name] !== undefined && others.every((other) => !source[other]),
  ).map(([name, others]) => `${name} is set but ${others.join(' or ')} is not; set both or neither`);
  if (source.NODE_ENV !== 'production') return problems;
  if (!source.APP_URL)
    problems.push('APP_URL is required in production: the address that people open, like https://pantheon.example.com');
  const secret = source.SESSION_SECRET;
  if (!secret) problems.push('SESSION_SECRET is required in production: make one with `openssl rand -base64 32`');
  else if (secret.length < 32 || WELL_KNOWN_SECRETS.some((known) => secret.toLowerCase().includes(known))) {
    problems.push('SESSION_SECRET is too short or a well-known demo value: make one with `openssl rand -base64 32`');
  }
  return problems;
}

function toEnv(source: Source, families: Pick<Env, 'llmModels' | 'stripePlanPrices' | 'stripeTopUpPrices'>): Env {
  return {
    ...families,
    nodeEnv: source.NODE_ENV,
    production: source.NODE_ENV === 'production',
    role: source.PANTHEON_ROLE,
    port: source.PORT,
    dataDir: resolve(source.DATA_DIR),
    databaseUrl: source.DATABASE_URL ?? null,
    appUrl: source.APP_URL ?? `http://localhost:${source.PORT}`,
    sessionSecret: source.SESSION_SECRET ?? null,
    secretsKey: source.SECRETS_KEY ?? null,
    toolServersPrivate: source.TOOL_SERVERS_PRIVATE === 'yes',
    toolCallSeconds: source.TOOL_CALL_SECONDS,
    toolApprovalSeconds: source.TOOL_APPROVAL_SECONDS,
    trustProxy: source.TRUST_PROXY,
    logLevel: source.LOG_LEVEL,
    llmBaseUrl: source.LLM_BASE_URL ?? null,
    llmApiKey: source.LLM_API_KEY ?? null,
    openrouterApiKey: source.OPENROUTER_API_KEY ?? null,
    llmModel: source.LLM_MODEL ?? null,
    tavilyApiKey: source.TAVILY_API_KEY ?? null,
    tavilyBaseUrl: source.TAVILY_BASE_URL,
    stripeSecretKey: source.STRIPE_SECRET_KEY ?? null,
    stripeWebhookSecret: source.STRIPE_WEBHOOK_SECRET ?? null,
    stripeApiBase: source.STRIPE_API_BASE ?? null,
    ownerEmail: source.OWNER_EMAIL ?? null,
    signupMode: source.SIGNUP_MODE,
    signupMicroCredits: BigInt(source.SIGNUP_CREDITS) * 1_000_000n,
    limitQueuedTurns: source.LIMIT_QUEUED_TURNS,
    limitRunningTurns: source.LIMIT_RUNNING_TURNS,
    limitEventLoopDelayMs: source.LIMIT_EVENT_LOOP_DELAY_MS,
    limitMemoryMb: source.LIMIT_MEMORY_MB ?? null,
    limitApiRequests: source.LIMIT_API_REQUESTS,
    langgraphOrigins: source.LANGGRAPH_ORIGINS,
    retentionDays: source.RETENTION_DAYS,
    limitMagicLinkPerAddress: source.LIMIT_MAGIC_LINK_PER_ADDRESS,
    limitMagicLinkPerIp: source.LIMIT_MAGIC_LINK_PER_IP,
    supabaseUrl: source.SUPABASE_URL ?? null,
    supabaseAnonKey: source.SUPABASE_ANON_KEY ?? null,
    supabaseServiceRoleKey: source.SUPABASE_SERVICE_ROLE_KEY ?? null,
    smtpUrl: source.SMTP_URL ?? null,
    sentryDsn: source.SENTRY_DSN ?? null,
    metricsToken: source.METRICS_TOKEN ?? null,
    otlpEndpoint: source.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
    studioPort: source.STUDIO_PORT,
  };
}
