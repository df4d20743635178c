import type Stripe from 'stripe';
import type { InvoiceLine, PaidInvoice, SubscriptionState } from '#server/adapters/payments/port.ts';

/** Two years of monthly invoices and many changes of plan; what is older was granted long ago. */
const MAX_INVOICES = 100;

/** A subscription as it is now, with its paid invoices. */
export async function readStripeSubscription(
  stripe: Stripe,
  planPrices: Record<string, string>,
  subscriptionId: string,
): Promise<SubscriptionState> {
  const planOf = createPlanOf(stripe, planPrices);
  const subscription = await stripe.subscriptions.retrieve(subscriptionId);
  const paid = await stripe.invoices
    .list({ subscription: subscriptionId, status: 'paid', limit: MAX_INVOICES, expand: ['data.payments'] })
    .autoPagingToArray({ limit: MAX_INVOICES });
  const item = subscription.items.data[0];
  const invoices: PaidInvoice[] = [];
  for (const invoice of paid.toSorted((a, b) => a.created - b.created || (a.id < b.id ? -1 : 1))) {
    const lines: InvoiceLine[] = [];
    for (const line of invoice.lines.data) {
      const price = line.pricing?.price_details?.price;
      const parent = line.parent?.subscription_item_details ?? line.parent?.invoice_item_details;
      lines.push({
        planId: price ? await planOf(price) : null,
        proration: parent?.proration ?? false,
        amount: line.amount,
        start: at(line.period.start),
        end: at(line.period.end),
      });
    }
    invoices.push({ id: invoice.id, paymentId: paymentOf(invoice), lines });
  }
  return {
    id: subscription.id,
    customerId: idOf(subscription.customer),
    userId: subscription.metadata['userId'] ?? null,
    planId: item ? await planOf(item.price) : null,
    status: subscription.status,
    periodStart: item ? at(item.current_period_start) : null,
    periodEnd: item ? at(item.current_period_end) : null,
    cancelAt: cancelAt(subscription, item?.current_period_end),
    invoices,
  };
}

/** By the configured prices; a price that was on sale earlier says its plan in its own metadata. */
function createPlanOf(stripe: Stripe, planPrices: Record<string, string>) {
  const plans = new Map(Object.entries(planPrices).map(([plan, price]) => [price, plan as string | null]));
  return async (price: string | Stripe.Price): Promise<string | null> => {
    const id = idOf(price);
    const known = plans.get(id);
    if (known !== undefined) return known;
    const { metadata } = typeof price === 'string' ? await stripe.prices.retrieve(price) : price;
    const plan = metadata['plan'] ?? null;
    plans.set(id, plan);
    return plan;
  };
}

function paymentOf(invoice: Stripe.Invoice): string | null {
  const paid = invoice.payments?.data.find(({ status, payment }) => status === 'paid' && payment.payment_intent);
  return paid?.payment.payment_intent ? idOf(paid.payment.payment_intent) : null;
}

function cancelAt({ cancel_at, cancel_at_period_end }: Stripe.Subscription, periodEnd?: number): Date | null {
  if (cancel_at !== null) return at(cancel_at);
  return cancel_at_period_end && periodEnd !== undefined ? at(periodEnd) : null;
}

function at(seconds: number): Date {
  return new Date(seconds * 1000);
}

function idOf(reference: string | { id: string }): string {
  return typeof reference === 'string' ? reference : reference.id;
}
