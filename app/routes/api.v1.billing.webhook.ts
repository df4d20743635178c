import { z } from 'zod';
import { receivePaymentEvent } from '#server/billing/receive-payment-event.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';
import { readText } from '#server/http/read-text.ts';

export const route = apiRoute({
  POST: operation({
    summary: 'For Stripe: an event, signed. The raw body counts, byte for byte',
    audience: 'public',
    status: 200,
    response: z.object({ received: z.literal(true) }),
    errors: ['bad_signature', 'not_configured'],
    handle: async ({ app, request }) => {
      const rawBody = await readText(request);
      await receivePaymentEvent(app, { rawBody, signature: request.headers.get('Stripe-Signature') });
      return { received: true };
    },
  }),
});

export const loader = route.loader;
export const action = route.action;
