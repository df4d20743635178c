import { Link } from '@remix-run/react';
import { ArrowLeft, Printer } from 'lucide-react';
import { Button } from '#app/components/ui/button.tsx';
import { ReadOnlyTurn } from '#app/timeline/read-only-turn.tsx';
import type { ReadableTurn } from '#app/timeline/readable-turns.ts';

/** Turns on one print; more than that is printed in parts. */
export const TURNS_ON_A_PRINT = 200;

type PrintPageProps = {
  title: string;
  description?: string;
  turns: readonly ReadableTurn[];
  /** Of the part before this one, if there is one. */
  nextCursor: string | null;
  /** The conversation’s own page. */
  home: string;
};

/** All of a conversation, to be put on paper: the page of a conversation itself has only its newest turns. */
export function PrintPage({ title, description = '', turns, nextCursor, home }: PrintPageProps) {
  return (
    <div className="min-h-dvh bg-surface">
      <header className="sticky top-0 z-10 border-b border-line bg-canvas print:hidden">
        <div className="mx-auto flex min-h-14 max-w-3xl items-center gap-2 px-2 sm:px-6">
          <Button asChild variant="ghost">
            <Link to={home}>
              <ArrowLeft aria-hidden className="size-4" />
              Back
            </Link>
          </Button>
          <Button variant="primary" className="ml-auto" onClick={() => window.print()}>
            <Printer aria-hidden className="size-4" />
            Print
          </Button>
        </div>
      </header>
      <main className="mx-auto max-w-3xl px-4 py-8 sm:px-8 sm:py-12 print:max-w-none print:p-0">
        <h1 className="text-2xl font-semibold tracking-tight text-balance">{title}</h1>
        {description !== '' && <p className="mt-2 text-[15px] text-pretty text-ink-soft">{description}</p>}
        {nextCursor && (
          <p className="mt-3 text-sm text-ink-faint">
            The newest {turns.length} questions and their answers.{' '}
            <Link
              to={`?cursor=${encodeURIComponent(nextCursor)}`}
              className="underline underline-offset-3 print:hidden"
            >
              The part before
            </Link>
          </p>
        )}
        {turns.length === 0 && <p className="mt-6 text-ink-soft">Nothing was said here yet.</p>}
        <div className="mt-8 space-y-12 print:space-y-8">
          {turns.map((turn) => (
            <ReadOnlyTurn key={turn.id} turn={turn} />
          ))}
        </div>
      </main>
    </div>
  );
}
