/**
 * Tells Sentry of errors in the browser, for pages that have a DSN. The SDK is loaded by the first of them, so a page where
 * nothing breaks never asks for it.
 */
export function reportErrors({ dsn, requestId }: { dsn: string; requestId: string | undefined }): void {
  let reporter: Promise<(error: unknown) => void> | undefined;
  const report = (error: unknown) => {
    reporter ??= import('#app/sentry.ts').then(({ startSentry }) => startSentry({ dsn, requestId }));
    // What can't be reported is still in the console.
    reporter.then((tell) => tell(error)).catch(() => undefined);
  };
  addEventListener('error', ({ error, message }) => report(error ?? new Error(message)));
  addEventListener('unhandledrejection', ({ reason }) => report(reason));
}
