export type Bar = { key: string; label: string; value: bigint; shown: string };

/** Bars of equal width, one a key; for eyes only: whatever it shows is in a table beside it. */
export function BarChart({ bars, height = 120 }: { bars: readonly Bar[]; height?: number }) {
  const most = bars.reduce((max, { value }) => (value > max ? value : max), 1n);
  const step = 100 / Math.max(1, bars.length);
  return (
    <svg
      aria-hidden
      viewBox={`0 0 100 ${height}`}
      preserveAspectRatio="none"
      className="block h-32 w-full overflow-visible"
    >
      <line
        x1="0"
        x2="100"
        y1={height}
        y2={height}
        className="stroke-line-strong"
        strokeWidth="1"
        vectorEffect="non-scaling-stroke"
      />
      {bars.map(({ key, label, value, shown }, place) => {
        const tall = value === 0n ? 0 : Math.max(2, Number((value * 1_000n) / most) * (height / 1_000));
        return (
          <rect
            key={key}
            x={place * step + step * 0.12}
            width={step * 0.76}
            y={height - tall}
            height={tall}
            className="fill-accent hover:fill-accent-strong"
          >
            <title>{`${label}: ${shown} credits`}</title>
          </rect>
        );
      })}
    </svg>
  );
}

/** A share of a whole, in a table’s cell; the number stands beside it. */
export function ShareBar({ value, most }: { value: bigint; most: bigint }) {
  const percent = most === 0n ? 0 : Number((value * 1_000n) / most) / 10;
  return (
    <svg aria-hidden viewBox="0 0 100 6" preserveAspectRatio="none" className="block h-1.5 w-full min-w-16">
      <rect width="100" height="6" rx="3" className="fill-sunken" />
      <rect width={percent} height="6" rx="3" className="fill-accent" />
    </svg>
  );
}
