import { Link, useSearchParams } from '@remix-run/react';
import { Button } from '#app/components/ui/button.tsx';

/** On to the next page of a list, with the filters that are set. */
export function Pager({ nextCursor }: { nextCursor: string | null }) {
  const [params] = useSearchParams();
  const others = [...params].filter(([name]) => name !== 'cursor');
  const to = (more: [string, string][]) => `?${new URLSearchParams([...others, ...more]).toString()}`;
  if (nextCursor === null && !params.has('cursor')) return null;
  return (
    <nav aria-label="Pages of the list" className="mt-4 flex gap-2">
      {params.has('cursor') && (
        <Button asChild size="sm">
          <Link to={to([])}>Newest</Link>
        </Button>
      )}
      {nextCursor !== null && (
        <Button asChild size="sm">
          <Link to={to([['cursor', nextCursor]])}>Older</Link>
        </Button>
      )}
    </nav>
  );
}
