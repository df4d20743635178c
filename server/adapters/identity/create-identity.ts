import type { Pool } from 'pg';
import { createBuiltinIdentity } from '#server/adapters/identity/builtin.ts';
import type { IdentityPort } from '#server/adapters/identity/port.ts';
import { createSupabaseIdentity } from '#server/adapters/identity/supabase.ts';
import type { MailPort } from '#server/adapters/mail/port.ts';
import type { Env } from '#server/platform/env.ts';

/** Supabase Auth when its URL and public key are there, else our own links. */
export function createIdentity(
  env: Pick<Env, 'supabaseUrl' | 'supabaseAnonKey'>,
  { db, mail }: { db: Pool; mail: MailPort },
): IdentityPort {
  if (env.supabaseUrl && env.supabaseAnonKey) {
    return createSupabaseIdentity({ db, url: env.supabaseUrl, anonKey: env.supabaseAnonKey });
  }
  return createBuiltinIdentity({ db, mail });
}
