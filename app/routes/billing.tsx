import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { requirePageUser } from '#server/auth/require-user.ts';
import type { Lot, Wallet } from '#server/billing/contract.ts';
import { findLots } from '#server/billing/find-lots.ts';
import { findOffers } from '#server/billing/find-offers.ts';
import { getWallet } from '#server/billing/get-wallet.ts';
import { findModels } from '#server/models/find-models.ts';
import { findPlans } from '#server/models/find-plans.ts';
import { BuyButton } from '#app/components/billing/buy-button.tsx';
import { formatDay } from '#app/components/billing/dates.ts';
import { Table, Td, Th } from '#app/components/billing/table.tsx';
import { ErrorPage } from '#app/components/error-page.tsx';
import { formatCredits } from '#app/components/format.ts';
import { PageBody, PageHeader } from '#app/components/shell.tsx';
import { Alert } from '#app/components/ui/alert.tsx';
import { Badge } from '#app/components/ui/badge.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { Card } from '#app/components/ui/card.tsx';

export const handle = { shell: true };
export const meta: MetaFunction = () => [{ title: 'Billing · Pantheon' }];

export async function loader({ context, request }: LoaderFunctionArgs) {
  const { app } = context;
  const { user } = await requirePageUser(context, request);
  const wallet = await getWallet(app, user);
  const [lots, plans, models] = await Promise.all([findLots(app, user.id), findPlans(app), findModels(app, user)]);
  const modelNames = Object.fromEntries(models.map(({ alias, displayName }) => [alias, displayName]));
  const checkout = new URL(request.url).searchParams.get('checkout');
  return { wallet, lots, plans, modelNames, offers: findOffers(app), checkout, canBuy: !user.suspended };
}

export default function BillingPage() {
  const { wallet, lots, plans, modelNames, offers, checkout, canBuy } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader
        title="Billing"
        actions={
          <Button asChild size="sm" variant="ghost">
            <Link to="/usage">Usage</Link>
          </Button>
        }
      />
      <PageBody className="space-y-10">
        <div className="space-y-3 empty:hidden">
          {checkout === 'done' && (
            <Alert tone="ok" title="Thank you">
              Credits arrive as soon as the payment is confirmed, usually within seconds. Reload to see them.
            </Alert>
          )}
          {checkout === 'cancelled' && <Alert>Nothing was bought.</Alert>}
          {wallet.debtMicroCredits !== '0' && (
            <Alert tone="danger" title={`You owe ${formatCredits(wallet.debtMicroCredits)} credits`}>
              Credits that were refunded or disputed had been spent already. The next credits pay this first; until then
              nothing can be sent.
            </Alert>
          )}
          {!offers.configured && (
            <Alert title="Payments are not configured">
              Nothing is sold on this server. Whoever runs it sets the Stripe variables; credits can also be given by an
              admin.
            </Alert>
          )}
        </div>
        <Balance wallet={wallet} />
        <Lots lots={lots} />
        <section aria-labelledby="plans">
          <div className="mb-3 flex items-center justify-between gap-3">
            <h2 id="plans" className="text-base font-semibold tracking-tight">
              Plans
            </h2>
            {offers.configured && (
              <div>
                <BuyButton path="/billing/portal" disabled={!canBuy}>
                  Manage plan and invoices
                </BuyButton>
              </div>
            )}
          </div>
          <ul className="grid gap-3 sm:grid-cols-3">
            {plans.map((plan) => (
              <li key={plan.id}>
                <Card className="flex h-full flex-col p-5">
                  <div className="flex items-center justify-between">
                    <h3 className="font-semibold">{plan.name}</h3>
                    {wallet.plan === plan.id && <Badge tone="accent">Your plan</Badge>}
                  </div>
                  <p className="mt-2 text-2xl font-semibold tracking-tight tabular-nums">
                    {formatCredits(plan.monthlyMicroCredits)}
                  </p>
                  <p className="text-sm text-ink-soft">credits a month</p>
                  <p className="mt-3 flex-1 text-[13px] text-ink-faint">
                    {plan.modelAliases.map((alias) => modelNames[alias] ?? alias).join(', ')}
                  </p>
                  {offers.plans.includes(plan.id) && wallet.plan === null && (
                    <BuyButton
                      path="/billing/checkout"
                      body={{ plan: plan.id }}
                      disabled={!canBuy}
                      variant="primary"
                      className="mt-4"
                    >
                      {`Choose ${plan.name}`}
                    </BuyButton>
                  )}
                </Card>
              </li>
            ))}
          </ul>
        </section>
        {offers.topUps.length > 0 && (
          <section aria-labelledby="top-ups">
            <h2 id="top-ups" className="mb-1 text-base font-semibold tracking-tight">
              Top-ups
            </h2>
            <p className="mb-3 text-sm text-ink-soft">They don’t expire, and are spent after the plan’s credits.</p>
            <ul className="flex flex-wrap gap-2">
              {offers.topUps.map((credits) => (
                <li key={credits}>
                  <BuyButton path="/billing/checkout" body={{ topUp: credits }} disabled={!canBuy}>
                    {`${Number(credits).toLocaleString('en')} credits`}
                  </BuyButton>
                </li>
              ))}
            </ul>
          </section>
        )}
      </PageBody>
    </>
  );
}

function Balance({ wallet }: { wallet: Wallet }) {
  const parts = [
    ['From the plan', wallet.planMicroCredits, wallet.periodEnd ? `until ${formatDay(wallet.periodEnd)}` : 'no plan'],
    ['Topped up', wallet.topUpMicroCredits, 'does not expire'],
    ['Set aside', wallet.reservedMicroCredits, 'for messages that run; part of the balance'],
  ] as const;
  return (
    <section aria-labelledby="balance" className="flex flex-wrap items-end gap-x-12 gap-y-5">
      <div>
        <h2 id="balance" className="text-sm text-ink-soft">
          Balance
        </h2>
        <p className="text-4xl font-semibold tracking-tight tabular-nums">
          {formatCredits(wallet.balanceMicroCredits)}
        </p>
        <p className="text-sm text-ink-soft">credits</p>
      </div>
      <dl className="flex flex-wrap gap-x-8 gap-y-3">
        {parts.map(([name, amount, note]) => (
          <div key={name}>
            <dt className="text-xs text-ink-faint">{name}</dt>
            <dd className="text-lg font-medium tabular-nums">{formatCredits(amount)}</dd>
            <dd className="text-xs text-ink-faint">{note}</dd>
          </div>
        ))}
      </dl>
      <Link to="/billing/transactions" className="text-sm text-accent-strong underline underline-offset-2 sm:ml-auto">
        All transactions
      </Link>
    </section>
  );
}

const LOT_NAMES: Record<Lot['kind'], string> = {
  plan: 'Plan',
  topup: 'Top-up',
  signup: 'Welcome credits',
  adjustment: 'Adjustment',
};

function Lots({ lots }: { lots: Lot[] }) {
  if (lots.length === 0) return null;
  return (
    <section aria-labelledby="lots">
      <h2 id="lots" className="mb-3 text-base font-semibold tracking-tight">
        Where it comes from, in the order in which it is spent
      </h2>
      <Table
        caption="Credits by source, first to be spent first"
        head={
          <>
            <Th>Source</Th>
            <Th className="max-sm:hidden">Since</Th>
            <Th>Expires</Th>
            <Th numeric>Left</Th>
            <Th numeric>Set aside</Th>
            <Th numeric>Of</Th>
          </>
        }
      >
        {lots.map((lot) => (
          <tr key={lot.id}>
            <Td>{LOT_NAMES[lot.kind]}</Td>
            <Td className="max-sm:hidden">{formatDay(lot.createdAt)}</Td>
            <Td className="max-sm:min-w-0">{lot.expiresAt ? formatDay(lot.expiresAt) : 'never'}</Td>
            <Td numeric>{formatCredits(lot.availableMicroCredits)}</Td>
            <Td numeric>{formatCredits(lot.heldMicroCredits)}</Td>
            <Td numeric>{formatCredits(lot.grantedMicroCredits)}</Td>
          </tr>
        ))}
      </Table>
    </section>
  );
}

export { ErrorPage as ErrorBoundary };
