import { Fragment } from 'react';
import { Bar, CartesianGrid, ComposedChart, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import type { Point, Series } from '#app/components/admin/charted.tsx';

type ChartProps = {
  points: readonly Point[];
  series: readonly Series[];
  label: string;
  format: (value: number) => string;
};

const COLORS = ['var(--accent)', 'var(--agent-1)', 'var(--agent-2)'];

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** “21 Nov” for a day; what is no day stays what it is. */
function shortDay(label: string): string {
  return /^\d{4}-\d\d-\d\d$/.test(label) ? DAY.format(new Date(label)).replace(' ', '\u00a0') : label;
}

/** Loaded only by the pages that show a chart: recharts is larger than everything else on them. */
export function Chart({ points, series, label, format }: ChartProps) {
  return (
    <ResponsiveContainer width="100%" height={240}>
      <ComposedChart
        data={[...points]}
        margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
        accessibilityLayer
        title={label}
      >
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="label"
          tickFormatter={shortDay}
          tick={{ fill: 'var(--ink-faint)', fontSize: 12 }}
          tickLine={false}
          axisLine={{ stroke: 'var(--line-strong)' }}
          minTickGap={28}
        />
        <YAxis
          width="auto"
          tick={{ fill: 'var(--ink-faint)', fontSize: 12 }}
          tickLine={false}
          axisLine={false}
          // With spaces that don’t break: a label is one line.
          tickFormatter={(value: number) => format(value).replaceAll(' ', '\u00a0')}
        />
        <Tooltip
          isAnimationActive={false}
          cursor={{ fill: 'var(--hover)', stroke: 'var(--line-strong)' }}
          formatter={(value) => format(Number(value))}
          contentStyle={{
            background: 'var(--raised)',
            border: '1px solid var(--line)',
            borderRadius: 12,
            color: 'var(--ink)',
            fontSize: 13,
          }}
        />
        {series.map(({ key, name, shape }, place) =>
          shape === 'line' ? (
            <Fragment key={key}>
              {/* A line that crosses bars stands out from them by its edge. */}
              <Line
                dataKey={key}
                stroke="var(--raised)"
                strokeWidth={5}
                dot={false}
                activeDot={false}
                tooltipType="none"
                isAnimationActive={false}
              />
              <Line
                dataKey={key}
                name={name}
                stroke={COLORS[place] ?? 'var(--ink)'}
                strokeWidth={2}
                dot={false}
                isAnimationActive={false}
              />
            </Fragment>
          ) : (
            <Bar
              key={key}
              dataKey={key}
              name={name}
              fill={COLORS[place] ?? 'var(--ink)'}
              isAnimationActive={false}
              maxBarSize={40}
              {...(shape === 'stack' ? { stackId: 'stack' } : { radius: [3, 3, 0, 0] as const })}
            />
          ),
        )}
      </ComposedChart>
    </ResponsiveContainer>
  );
}
