import type { ReactNode } from 'react';
import { Wordmark } from '#app/components/logo.tsx';
import { Card } from '#app/components/ui/card.tsx';

/** The narrow card of the pages that come before the product. */
export function SignInFrame({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-6 bg-canvas px-4 py-12">
      <Wordmark />
      <Card className="w-full max-w-sm p-6 sm:p-8">
        <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
        {children}
      </Card>
    </main>
  );
}
