import type { UsageCounts } from '#server/admin/contract.ts';
import { formatUsd } from '#app/components/admin/amounts.ts';
import { Stat } from '#app/components/admin/stat.tsx';
import { formatCredits, formatTokens } from '#app/components/format.ts';

type Figure = { name: string; valueOf: (usage: UsageCounts) => string | number; show: (usage: UsageCounts) => string };

const FIGURES = {
  cost: {
    name: 'Provider cost',
    valueOf: (usage) => usage.providerCostUsd,
    show: (usage) => formatUsd(usage.providerCostUsd),
  },
  credits: {
    name: 'Credits burned',
    valueOf: (usage) => usage.burnedMicroCredits,
    show: (usage) => formatCredits(usage.burnedMicroCredits),
  },
  tokens: { name: 'Tokens', valueOf: (usage) => usage.totalTokens, show: (usage) => formatTokens(usage.totalTokens) },
  calls: { name: 'Model calls', valueOf: (usage) => usage.calls, show: (usage) => usage.calls.toLocaleString('en') },
  failed: {
    name: 'Failed calls',
    valueOf: (usage) => usage.failedCalls,
    show: (usage) => usage.failedCalls.toLocaleString('en'),
  },
} satisfies Record<string, Figure>;

type UsageStatProps = { of: keyof typeof FIGURES; now: UsageCounts; before: UsageCounts };

/** One figure of a period's usage against the period before. */
export function UsageStat({ of, now, before }: UsageStatProps) {
  const { name, valueOf, show } = FIGURES[of];
  return <Stat name={name} value={show(now)} now={Number(valueOf(now))} before={Number(valueOf(before))} />;
}
