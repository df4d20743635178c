import { existsSync } from 'node:fs';
import { parseEnv, type Env } from '#server/platform/env.ts';

/** The process's own configuration: its environment, then what `.env` in the current folder adds. */
export function loadEnv(): Env {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return parseEnv(process.env);
}
