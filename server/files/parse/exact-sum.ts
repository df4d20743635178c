/** Adds decimals as they are written, so that 0.1 and 0.2 make 0.3. */
export function createExactSum() {
  let units = 0n;
  let decimals = 0;
  let count = 0;

  return {
    add(number: { units: bigint; decimals: number }): void {
      if (number.decimals > decimals) {
        units *= 10n ** BigInt(number.decimals - decimals);
        decimals = number.decimals;
      }
      units += number.units * 10n ** BigInt(decimals - number.decimals);
      count += 1;
    },
    get count() {
      return count;
    },
    sum: (): string => decimalOf(units, decimals),
    /** To six digits more than the numbers have. */
    mean(): string | null {
      if (count === 0) return null;
      const scaled = units * 10_000_000n;
      const sign = scaled < 0n ? -1n : 1n;
      const rounded = (scaled * sign * 2n + BigInt(count) * 10n) / (BigInt(count) * 20n);
      return decimalOf(rounded * sign, decimals + 6);
    },
  };
}

function decimalOf(units: bigint, decimals: number): string {
  const sign = units < 0n ? '-' : '';
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
  return `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}
