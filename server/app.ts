import type { Pool } from 'pg';
import type { Logger } from 'winston';
import type { Prompts } from '#graphs/prompts/registry.ts';
import type { IdentityPort } from '#server/adapters/identity/port.ts';
import type { LlmPort } from '#server/adapters/llm/port.ts';
import type { MailPort } from '#server/adapters/mail/port.ts';
import type { PaymentsPort } from '#server/adapters/payments/port.ts';
import type { SearchPort } from '#server/adapters/search/port.ts';
import type { StoragePort } from '#server/adapters/storage/port.ts';
import type { ToolServerPort } from '#server/adapters/tool-server/port.ts';
import type { Parser } from '#server/files/parse/create-parser.ts';
import type { RequestLimiter } from '#server/http/limit-requests.ts';
import type { Env } from '#server/platform/env.ts';
import type { Load } from '#server/platform/load.ts';
import type { Metrics } from '#server/platform/metrics.ts';
import type { PrismaClient } from '#server/platform/prisma/client.ts';
import type { StillSignedIn } from '#server/auth/still-signed-in.ts';
import type { Queue } from '#server/platform/queue.ts';
import type { Tracer } from '#server/platform/tracing.ts';
import type { Checkpointer } from '#server/platform/checkpointer.ts';
import type { EventHub } from '#server/turns/event-hub.ts';
import type { EventWriter } from '#server/turns/event-writer.ts';
import type { Runner } from '#server/turns/runner.ts';

/**
 * Everything that lives as long as the process, made once by `server/index.ts` and handed to pages by Remix's load
 * context. Verbs take the parts they use: `stopTurn(app: Pick<App, 'db' | 'runner'>, …)`. No module keeps state of its own,
 * since the page bundle and the server process each load their own copy of a module.
 */
export type App = {
  env: Env;
  log: Logger;
  /** For the paths where SQL is the point: turns, usage, credits. int8 is read as bigint. */
  db: Pool;
  /** For everything else. Same database, same pool. */
  prisma: PrismaClient;
  queue: Queue;
  metrics: Metrics;
  tracer: Tracer;
  load: Load;
  llm: LlmPort;
  /** As they were filed when the process started. */
  prompts: Prompts;
  mail: MailPort;
  identity: IdentityPort;
  payments: PaymentsPort;
  search: SearchPort;
  /** Other people's tools. */
  toolServers: ToolServerPort;
  storage: StoragePort;
  /** Reads files, each in a process of its own. */
  parser: Parser;
  checkpointer: Checkpointer;
  limitRequests: RequestLimiter;
  stillSignedIn: StillSignedIn;
  hub: EventHub;
  writer: EventWriter;
  runner: Runner;
};
