import type { App } from '#server/app.ts';

/** The addresses that the built-in storage signs. Whoever has one may use it: there is no sign-in here. */
export async function answerStorage({ storage }: Pick<App, 'storage'>, request: Request): Promise<Response> {
  if (!storage.answer) return new Response(null, { status: 404 });
  const answer = await storage.answer(request);
  // Every response of this server has it already; twice is once too often for some clients.
  answer.headers.delete('X-Content-Type-Options');
  return answer;
}
