/**
 * Who owns an e-mail address. The built-in provider mails a link of our own; Supabase Auth mails its own link,
 * which comes back to the same page. Either way our database session is what the browser holds.
 */
export type IdentityPort = {
  readonly kind: 'builtin' | 'supabase';
  /** Makes the provider mail a sign-in link that leads to `verifyUrl` with a token in its query. */
  sendLink(options: { magicLinkId: string; email: string; verifyUrl: string }): Promise<void>;
  /** Consumes a token once. Null when it is unknown, spent or expired. */
  redeemToken(token: string): Promise<{ email: string; redirectTo: string | null } | null>;
};
