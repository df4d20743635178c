/** What an event is about. Whoever applies it fetches the object: an event's own content may be old by then. */
export type PaymentSubject = { kind: 'subscription' | 'invoice' | 'checkout' | 'payment'; id: string };

/** `subject` is null for what is none of ours. */
export type PaymentEvent = { id: string; type: string; subject: PaymentSubject | null };

/** Money in the currency's smallest unit. A plan is null when its price is none that is known here. */
export type InvoiceLine = { planId: string | null; proration: boolean; amount: number; start: Date; end: Date };
export type PaidInvoice = { id: string; paymentId: string | null; lines: InvoiceLine[] };

export type SubscriptionState = {
  id: string;
  customerId: string;
  /** As noted when it was sold; null when it was made elsewhere. */
  userId: string | null;
  planId: string | null;
  /** The provider's word: active, trialing, past_due, incomplete, incomplete_expired, unpaid, paused, canceled. */
  status: string;
  periodStart: Date | null;
  periodEnd: Date | null;
  cancelAt: Date | null;
  /** Paid ones, oldest first. */
  invoices: PaidInvoice[];
};

export type Refund = { id: string; amount: number; state: 'pending' | 'succeeded' | 'failed' };
/** `open`: the money is withdrawn until it is decided. `warning`: an inquiry, nothing is withdrawn. */
export type Dispute = { id: string; amount: number; state: 'warning' | 'open' | 'won' | 'lost' };

export type PaymentState = {
  id: string;
  customerId: string | null;
  userId: string | null;
  succeeded: boolean;
  amount: number;
  /** Credits that it buys, when it is a top-up. */
  topUpCredits: bigint | null;
  /** Whose invoice it pays, when it does. */
  subscriptionId: string | null;
  refunds: Refund[];
  disputes: Dispute[];
};

export type CheckoutItem = { plan: string } | { topUp: string };

/**
 * Sells plans and top-ups. Throws AppError: `not_configured` without a provider, `unavailable` when it can't be reached or
 * refuses, `bad_signature` for an event that isn't the provider's or is too old. What doesn't exist is null.
 */
export type PaymentsPort = {
  readonly kind: 'stripe' | 'none';
  /** Calls with the same key are one call, also after a crash. */
  createCustomer(given: { userId: string; email: string }, idempotencyKey: string): Promise<string>;
  createCheckout(
    given: { userId: string; customerId: string; item: CheckoutItem; successUrl: string; cancelUrl: string },
    idempotencyKey: string,
  ): Promise<{ id: string; url: string }>;
  createPortal(given: { customerId: string; returnUrl: string }, idempotencyKey: string): Promise<{ url: string }>;
  /** `rawBody` byte for byte as it came. */
  readEvent(rawBody: string, signature: string | null): PaymentEvent;
  /** The subscription or payment behind a subject, since everything is one of the two. */
  resolve(subject: PaymentSubject): Promise<{ subscriptionId: string } | { paymentId: string } | null>;
  getSubscription(subscriptionId: string): Promise<SubscriptionState | null>;
  getPayment(paymentId: string): Promise<PaymentState | null>;
};
