import type { LoadContext } from '#server/http/load-context.ts';

/** Whether who began to read a stream is still who they were: a key can be revoked, a person suspended. */
export function mayStillRead(context: Pick<LoadContext, 'authenticate'>, userId: string): () => Promise<boolean> {
  return async () => {
    const principal = await context.authenticate({ again: true });
    return principal !== null && !principal.user.suspended && principal.user.id === userId;
  };
}
