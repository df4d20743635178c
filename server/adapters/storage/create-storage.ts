import { join } from 'node:path';
import { createDiskStorage } from '#server/adapters/storage/disk.ts';
import type { StoragePort } from '#server/adapters/storage/port.ts';
import { createSupabaseStorage } from '#server/adapters/storage/supabase.ts';
import type { Env } from '#server/platform/env.ts';

/** Supabase Storage when its URL and service key are there, else a folder of this machine. */
export function createStorage(
  env: Pick<Env, 'supabaseUrl' | 'supabaseServiceRoleKey' | 'dataDir' | 'sessionSecret'>,
): StoragePort {
  if (env.supabaseUrl && env.supabaseServiceRoleKey) {
    return createSupabaseStorage({ url: env.supabaseUrl, serviceRoleKey: env.supabaseServiceRoleKey });
  }
  if (env.sessionSecret === null) throw new Error('The server has no secret to sign addresses with.');
  return createDiskStorage({ folder: join(env.dataDir, 'files'), secret: env.sessionSecret });
}
