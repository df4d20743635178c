/** $1,234.56, $0.0042, −$3.10: enough digits that what cost something is not shown as nothing. */
export function formatUsd(usd: string | number): string {
  const value = Number(usd);
  const size = Math.abs(value);
  const digits = size === 0 || size >= 0.1 ? 2 : size >= 0.01 ? 3 : 6;
  const shown = size.toLocaleString('en', {
    minimumFractionDigits: Math.min(digits, 2),
    maximumFractionDigits: digits,
  });
  return `${value < 0 ? '−' : ''}$${shown}`;
}

/** A price as it was set: $0.26, $1.25, $0.125; at least cents, and every digit that there is. */
export function formatPrice(usd: string): string {
  return `$${Number(usd).toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 9 })}`;
}

/** Micro-credits as a person writes credits, to the last digit: 0.02, 1250. */
export function creditsOf(micro: string): string {
  const size = micro.replace('-', '').padStart(7, '0');
  const part = size.slice(-6).replace(/0+$/, '');
  return `${micro.startsWith('-') ? '-' : ''}${size.slice(0, -6)}${part === '' ? '' : `.${part}`}`;
}

/** “1 credit”, “0.02 credits”: micro-credits to the last digit. */
export function inCredits(micro: string): string {
  const credits = creditsOf(micro);
  return credits === '1' ? '1 credit' : `${credits} credits`;
}

/** Credits as a person writes them, in micro-credits; null for what is no amount of at most 6 decimals. */
export function microOf(credits: string): string | null {
  const [, sign = '', whole = '', part = ''] = /^\s*([-−+]?)(\d{1,9})(?:\.(\d{1,6}))?\s*$/.exec(credits) ?? [];
  if (whole === '') return null;
  const micro = BigInt(whole) * 1_000_000n + BigInt(part.padEnd(6, '0'));
  return String(sign === '-' || sign === '−' ? -micro : micro);
}

/** “+12 %” or “−3 %” against the period before; null when there was nothing in it to compare with. */
export function formatChange(now: number, before: number): string | null {
  if (before === 0) return null;
  const percent = Math.round(((now - before) / before) * 100);
  return percent === 0 ? '±0 %' : `${percent > 0 ? '+' : '−'}${Math.abs(percent)} %`;
}
