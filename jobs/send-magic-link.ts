import { z } from 'zod';
import type { App } from '#server/app.ts';
import { sendMagicLink } from '#server/auth/send-magic-link.ts';

/** Mails a sign-in link that was asked for. */
export function defineSendMagicLink(app: Pick<App, 'db' | 'env' | 'identity' | 'queue'>): void {
  app.queue.define(
    'send-magic-link',
    z.object({ magicLinkId: z.guid() }),
    { retryLimit: 6, retryDelaySeconds: 5, expireInSeconds: 60 },
    (link) => sendMagicLink(app, link),
  );
}
