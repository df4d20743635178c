import { z } from 'zod';

export const ZRole = z.enum(['user', 'owner', 'analyst']);
export type Role = z.infer<typeof ZRole>;

export const ZUser = z
  .object({ id: z.uuid(), email: z.string(), role: ZRole, plan: z.string().nullable(), suspended: z.boolean() })
  .meta({ id: 'User' });
export type User = z.infer<typeof ZUser>;

export const ZMagicLinkRequest = z.object({
  email: z
    .string()
    .trim()
    .toLowerCase()
    .max(254, 'At most 254 characters.')
    .pipe(z.email('Enter an e-mail address, like name@example.com.')),
  redirectTo: z.string().max(2000).optional(),
});
export const ZVerifyRequest = z.object({ token: z.string().min(1).max(2000) });

export const SCOPES = ['read', 'write', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/**
 * Who asks. Made once per request by `server/auth/authenticate.ts`; `via` says whether the same-origin rule applies.
 * A cookie carries every scope.
 */
export type Principal = { user: User; scopes: readonly Scope[]; via: 'cookie' | 'key'; sessionId: string | null };
