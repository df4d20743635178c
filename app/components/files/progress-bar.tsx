/** How far something is, from 0 to 1; null where only that it goes on is known. */
export function ProgressBar({ label, share }: { label: string; share: number | null }) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(share === null ? {} : { 'aria-valuenow': Math.round(share * 100) })}
      className="h-1 w-full overflow-hidden rounded-full bg-sunken"
    >
      <div
        className={`h-full rounded-full bg-accent ${share === null ? 'w-2/5 animate-breathe' : 'transition-[width] duration-200'}`}
        style={share === null ? undefined : { width: `${Math.max(3, share * 100)}%` }}
      />
    </div>
  );
}
