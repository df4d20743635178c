/** The oculus: a ring of voices around an open centre. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden className={className} fill="currentColor">
      <path
        fillRule="evenodd"
        d="M12 1a11 11 0 1 1 0 22 11 11 0 0 1 0-22Zm0 7.6a3.4 3.4 0 1 0 0 6.8 3.4 3.4 0 0 0 0-6.8Z"
        className="text-accent"
      />
      <g className="text-on-accent">
        {[0, 60, 120, 180, 240, 300].map((angle) => (
          <circle key={angle} cx="12" cy="4.9" r="1.25" transform={`rotate(${angle} 12 12)`} />
        ))}
      </g>
    </svg>
  );
}

export function Wordmark() {
  return (
    <span className="inline-flex items-center gap-2">
      <Logo className="size-6" />
      <span className="text-[15px] font-semibold tracking-tight">Pantheon</span>
    </span>
  );
}
