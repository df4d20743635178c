import type { Pool } from 'pg';
import { z } from 'zod';
import type { IdentityPort } from '#server/adapters/identity/port.ts';
import { AppError } from '#server/platform/errors.ts';

export type SupabaseIdentityOptions = {
  db: Pool;
  /** The project's URL, without /auth/v1. */
  url: string;
  anonKey: string;
  /** For one request; 10 s unless told. */
  timeoutMs?: number;
};

const ZVerified = z.object({ user: z.object({ email: z.email().toLowerCase() }) });
/** `code` holds the error code in the dated API version that we ask for; older servers have it in `error_code`. */
const ZFailure = z.object({ code: z.unknown(), error_code: z.unknown() }).partial();

/**
 * Supabase Auth mails the link, and is asked whether a token is good. Its two mail templates (“Confirm signup”, “Magic
 * Link”) have to lead to our page, so that a mail scanner can't spend the link:
 * `{{ .RedirectTo }}?token={{ .TokenHash }}`. The 15 minutes and the single use hold here by our own row as well, whatever the
 * project's settings. Its session is not used: ours is what the browser holds.
 */
export function createSupabaseIdentity({
  db,
  url,
  anonKey,
  timeoutMs = 10_000,
}: SupabaseIdentityOptions): IdentityPort {
  async function post(
    path: string,
    body: unknown,
  ): Promise<{ ok: boolean; status: number; body: unknown; retryAfter: number }> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${url.replace(/\/+$/, '')}/auth/v1${path}`, {
        method: 'POST',
        headers: {
          apikey: anonKey,
          Authorization: `Bearer ${anonKey}`,
          'Content-Type': 'application/json',
          'X-Supabase-Api-Version': '2024-01-01',
        },
        body: JSON.stringify(body),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      });
      text = await response.text();
    } catch (cause) {
      throw new AppError('unavailable', 'The sign-in service can’t be reached right now. Try again in a moment.', {
        retryAfter: 10,
        cause,
      });
    }
    const retryAfter = Number(response.headers.get('Retry-After')) || 60;
    return { ok: response.ok, status: response.status, body: parseJson(text), retryAfter };
  }

  return {
    kind: 'supabase',

    async sendLink({ magicLinkId, email, verifyUrl }) {
      const answer = await post(`/otp?${new URLSearchParams({ redirect_to: verifyUrl }).toString()}`, {
        email,
        create_user: true,
      });
      if (!answer.ok) throw failure(answer);
      await db.query(
        `UPDATE magic_links SET sent_at = now(), expires_at = now() + interval '15 minutes' WHERE id = $1`,
        [magicLinkId],
      );
    },

    async redeemToken(token) {
      const answer = await post('/verify', { type: 'email', token_hash: token });
      if (!answer.ok) {
        if (answer.status < 500 && SPENT_CODES.includes(codeOf(answer.body))) return null;
        throw failure(answer);
      }
      const verified = ZVerified.safeParse(answer.body);
      if (!verified.success) throw failure(answer);
      const { email } = verified.data.user;
      const { rows } = await db.query<{ redirect_to: string | null }>(
        `UPDATE magic_links SET used_at = now()
         WHERE id = (SELECT id FROM magic_links WHERE email = $1 AND sent_at IS NOT NULL ORDER BY created_at DESC LIMIT 1)
           AND used_at IS NULL AND expires_at > now()
         RETURNING redirect_to`,
        [email],
      );
      return rows[0] ? { email, redirectTo: rows[0].redirect_to } : null;
    },
  };
}

/** What Supabase Auth says of a token that is unknown, spent or too old, or isn't shaped like one. */
const SPENT_CODES: string[] = ['otp_expired', 'flow_state_expired', 'flow_state_not_found', 'validation_failed'];

function failure(answer: { status: number; body: unknown; retryAfter: number }): AppError {
  const code = codeOf(answer.body);
  if (answer.status === 429) {
    return new AppError('too_many_requests', 'The sign-in service has sent too many mails. Try again in a minute.', {
      retryAfter: answer.retryAfter,
    });
  }
  if (code === 'user_banned') return new AppError('forbidden', 'The sign-in service refuses this account.');
  return new AppError('unavailable', 'The sign-in service didn’t answer as it should. Try again in a moment.', {
    retryAfter: 10,
    cause: new Error(`Supabase Auth answered ${answer.status} ${code}`),
  });
}

function codeOf(body: unknown): string {
  const parsed = ZFailure.safeParse(body);
  const codes = parsed.success ? [parsed.data.code, parsed.data.error_code] : [];
  return codes.find((code) => typeof code === 'string') ?? 'unknown';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
