import { existsSync } from 'node:fs';
import { parseEnv, type Env } from '#server/platform/env.ts';

/** The process's own configuration: its environment, then what `.env` in the current folder adds. */
export function loadEnv(): Env {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return parseEnv(process.env);
}

/** Loads what looks at NODE_ENV once, when it is loaded, as React does: it finds `production`. */
export async function loadAsInProduction<T>(load: () => Promise<T>): Promise<T> {
  const env: NodeJS.Dict<string> = process.env;
  const given = env['NODE_ENV'];
  env['NODE_ENV'] = 'production';
  try {
    return await load();
  } finally {
    if (given === undefined) delete env['NODE_ENV'];
    else env['NODE_ENV'] = given;
  }
}
