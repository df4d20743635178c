import type { App } from '#server/app.ts';
import type { Principal } from '#server/auth/contract.ts';

/** What Express hands to every Remix loader and action. */
export type LoadContext = {
  app: App;
  requestId: string;
  /** The client's address, with TRUST_PROXY applied. */
  ip: string;
  /** For inline scripts of this response. */
  cspNonce: string;
  /** Aborts when the client has gone away. Use this, never `request.signal` (remix-run/remix#10030). */
  closed: AbortSignal;
  /** Who asks, looked up at most once per request; null for nobody, throws 401 for a bad bearer key. */
  authenticate(): Promise<Principal | null>;
};

declare module '@remix-run/node' {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type, @typescript-eslint/consistent-type-definitions -- the way Remix is told its context's type
  interface AppLoadContext extends LoadContext {}
}
