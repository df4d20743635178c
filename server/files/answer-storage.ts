import type { App } from '#server/app.ts';

/** The addresses that the built-in storage signs. Whoever has one may use it: there is no sign-in here. */
export async function answerStorage({ storage }: Pick<App, 'storage'>, request: Request): Promise<Response> {
  return storage.answer ? storage.answer(request) : new Response(null, { status: 404 });
}
