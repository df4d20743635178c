import { z } from 'zod';

const ZMicroCredits = z.string().regex(/^-?\d+$/);

export const ZWallet = z
  .object({
    balanceMicroCredits: ZMicroCredits.describe('planMicroCredits + topUpMicroCredits; what is reserved is included.'),
    planMicroCredits: ZMicroCredits.describe('Credits of the plan’s period; they expire with it.'),
    topUpMicroCredits: ZMicroCredits.describe('Top-ups, sign-up credits and adjustments.'),
    reservedMicroCredits: ZMicroCredits.describe('Set aside by turns that have not ended.'),
    debtMicroCredits: ZMicroCredits.describe('Owed after a refund or dispute; the next credits pay it first.'),
    plan: z.string().nullable(),
    periodEnd: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Wallet' });
export type Wallet = z.infer<typeof ZWallet>;

export const TRANSACTION_KINDS = ['grant', 'hold', 'charge', 'release', 'expire', 'clawback', 'debt', 'repay'] as const;

export const ZTransaction = z
  .object({
    id: z.uuid(),
    kind: z.enum(TRANSACTION_KINDS),
    microCredits: ZMicroCredits.describe(
      'How the balance changes: 0 for a hold or release, since what is held is still yours.',
    ),
    availableDeltaMicroCredits: ZMicroCredits,
    heldDeltaMicroCredits: ZMicroCredits,
    debtDeltaMicroCredits: ZMicroCredits,
    lotId: z.uuid().nullable(),
    lotKind: z.string().nullable(),
    turnId: z.uuid().nullable(),
    note: z.string().nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'CreditTransaction' });
export type Transaction = z.infer<typeof ZTransaction>;

/** Credits that came together and expire together. */
export const ZLot = z.object({
  id: z.uuid(),
  kind: z.enum(['plan', 'topup', 'signup', 'adjustment']),
  grantedMicroCredits: ZMicroCredits,
  availableMicroCredits: ZMicroCredits,
  heldMicroCredits: ZMicroCredits,
  expiresAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
});
export type Lot = z.infer<typeof ZLot>;

export const ZQuote = z
  .object({
    minMicroCredits: ZMicroCredits,
    expectedMicroCredits: ZMicroCredits.describe('What it will most likely be, between the two.'),
    maxMicroCredits: ZMicroCredits.describe('Never above what the send would reserve.'),
    reservedMicroCredits: ZMicroCredits.describe(
      'What the send would set aside until the turn is over, the worst case: without so much it is refused.',
    ),
    agents: z.array(
      z.object({ agentName: z.string(), minMicroCredits: ZMicroCredits, maxMicroCredits: ZMicroCredits }),
    ),
  })
  .meta({ id: 'Quote' });
export type Quote = z.infer<typeof ZQuote>;

export const ZCheckout = z
  .object({
    plan: z.string().optional().describe('A plan’s id.'),
    topUp: z
      .union([z.int().positive(), z.string().regex(/^[1-9]\d{0,8}$/, 'A number of credits.')])
      .transform(String)
      .optional()
      .describe('A number of credits that is on offer.'),
  })
  .refine(({ plan, topUp }) => (plan === undefined) !== (topUp === undefined), 'Ask for a plan or for a top-up.');
export type Checkout = z.infer<typeof ZCheckout>;

export const ZRedirect = z.object({ url: z.url() });
