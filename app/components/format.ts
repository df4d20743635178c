import { formatDay } from '#app/components/billing/dates.ts';

const MICRO = 1_000_000n;

/** Micro-credits as credits: at most three decimals, and never “0” for what cost something. */
export function formatCredits(microCredits: string | bigint): string {
  const amount = BigInt(microCredits);
  const size = amount < 0n ? -amount : amount;
  if (size > 0n && size < MICRO / 1000n) return amount < 0n ? '> −0.001' : '< 0.001';
  const decimals = size >= 100n * MICRO ? 1 : size >= MICRO ? 2 : 3;
  const scale = 10n ** BigInt(decimals);
  const rounded = (size * scale + MICRO / 2n) / MICRO;
  const whole = rounded / scale;
  const shown = (rounded % scale).toString().padStart(decimals, '0').replace(/0+$/u, '');
  return `${amount < 0n ? '−' : ''}${formatCount(whole)}${shown === '' ? '' : `.${shown}`}`;
}

/** What is only expected, to two digits: 0.31, 2.4, 130. */
export function formatAbout(microCredits: string): string {
  const digits = microCredits.length - 2;
  if (digits <= 0) return formatCredits(microCredits);
  const unit = 10n ** BigInt(digits);
  return formatCredits(((BigInt(microCredits) + unit / 2n) / unit) * unit);
}

/** 0.4–1.25, or one number where both are the same. */
export function creditRange(of: { minMicroCredits: string; maxMicroCredits: string }): string {
  const [min, max] = [formatCredits(of.minMicroCredits), formatCredits(of.maxMicroCredits)];
  return min === max ? min : `${min}–${max}`;
}

/** 1,234,567. Not by `toLocaleString`: a phone's first takes as long as a whole step of the timeline. */
export function formatCount(count: number | bigint): string {
  return count.toString().replace(/\B(?=(\d{3})+$)/gu, ',');
}

/** Ada; Ada and Bo; Ada, Bo, and Cy. Not by `Intl.ListFormat`, whose first takes a phone 60 ms. */
export function formatNames(names: readonly string[]): string {
  if (names.length < 3) return names.join(' and ');
  return `${names.slice(0, -1).join(', ')}, and ${names.at(-1)}`;
}

/** 340 ms, 4.2 s, 58 s, 3 min 05 s. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** 950, 1.2k, 34k, 1.2M. */
export function formatTokens(tokens: number): string {
  if (tokens < 1000) return String(tokens);
  if (tokens < 999_500) return `${short(tokens / 1000)}k`;
  return `${short(tokens / 1_000_000)}M`;
}

function short(value: number): string {
  return value < 9.95 ? value.toFixed(1).replace(/\.0$/u, '') : String(Math.round(value));
}

/** “just now”, “5 min ago”, “3 h ago”, “2 d ago”, then the date. English, in UTC, so that server and browser agree. */
export function formatAge(iso: string, now: number): string {
  const seconds = (now - Date.parse(iso)) / 1000;
  if (seconds < 60) return 'just now';
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  if (seconds < 7 * 86_400) return `${Math.floor(seconds / 86_400)} d ago`;
  return formatDay(iso);
}
