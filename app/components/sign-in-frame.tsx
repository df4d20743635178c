import type { ReactNode } from 'react';
import { Wordmark } from '#app/components/logo.tsx';
import { Card } from '#app/components/ui/card.tsx';

/** The narrow card of the pages that come before the product. */
export function SignInFrame({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-6 bg-canvas px-4 py-12">
      <div className="flex flex-col items-center gap-2.5">
        <Wordmark />
        <p className="max-w-72 text-center text-sm text-balance text-ink-soft">
          A council of AI agents in one room: who said what, why, and what it cost.
        </p>
      </div>
      <Card className="w-full max-w-sm p-6 sm:p-8">
        <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
        {children}
      </Card>
    </main>
  );
}
