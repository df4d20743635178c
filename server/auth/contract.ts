import { z } from 'zod';
import { oneLine } from '#server/platform/plain-text.ts';

export const ZRole = z.enum(['user', 'owner', 'analyst']);
export type Role = z.infer<typeof ZRole>;

export const ZUser = z
  .object({
    id: z.uuid(),
    email: z.string(),
    displayName: z.string().optional().describe('How the person wants to be called; absent unless they said.'),
    role: ZRole,
    plan: z.string().nullable(),
    suspended: z.boolean(),
  })
  .meta({ id: 'User' });
export type User = z.infer<typeof ZUser>;

/** An empty name takes the name back. */
export const ZUpdateProfile = z.object({
  displayName: z.string().overwrite(oneLine).max(60, 'At most 60 characters.').optional(),
});
export type UpdateProfile = z.infer<typeof ZUpdateProfile>;

/** A browser that is signed in. */
export const ZSession = z
  .object({
    id: z.uuid(),
    userAgent: z.string().nullable(),
    createdAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime(),
    current: z.boolean().describe('The session that asks.'),
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof ZSession>;

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
export type Principal = {
  user: User;
  scopes: readonly Scope[];
  via: 'cookie' | 'key';
  sessionId: string | null;
  keyId: string | null;
};

export const ZDevMail = z.object({ to: z.string(), subject: z.string(), url: z.url(), createdAt: z.iso.datetime() });
export type DevMail = z.infer<typeof ZDevMail>;

export const ZApiKey = z
  .object({
    id: z.uuid(),
    name: z.string(),
    scopes: z.array(z.enum(SCOPES)),
    prefix: z.string(),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime().nullable(),
    expiresAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'ApiKey' });
export type ApiKey = z.infer<typeof ZApiKey>;

export const ZCreateApiKey = z.object({
  name: z.string().trim().min(1, 'Give the key a name.').max(120, 'At most 120 characters.'),
  scopes: z
    .array(z.enum(SCOPES))
    .min(1, 'Choose at least one scope.')
    .transform((scopes) => SCOPES.filter((scope) => scopes.includes(scope))),
  expiresAt: z.iso
    .datetime({ offset: true })
    .refine((at) => Date.parse(at) > Date.now(), 'Choose a time that is yet to come.')
    .nullable()
    .optional(),
});
export type CreateApiKey = z.infer<typeof ZCreateApiKey>;
