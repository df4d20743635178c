import { useEffect, useState } from 'react';
import { formatDuration } from '#app/components/format.ts';

/** Seconds since a moment, counting while it is shown. Starts on the client: the server’s clock is not the browser’s. */
export function Elapsed({ since }: { since: string }) {
  const [now, setNow] = useState<number | null>(null);
  useEffect(() => {
    const tick = () => setNow(Date.now());
    tick();
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, []);
  if (now === null) return null;
  const ms = now - Date.parse(since);
  return ms < 1000 ? null : <span className="tabular-nums">{formatDuration(Math.floor(ms / 1000) * 1000)}</span>;
}
