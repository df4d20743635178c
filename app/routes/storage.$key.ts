import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { answerStorage } from '#server/files/answer-storage.ts';

/** The built-in storage's signed addresses: bytes in, bytes out. */
export function loader({ request, context }: LoaderFunctionArgs): Promise<Response> {
  return answerStorage(context.app, request);
}

export function action({ request, context }: ActionFunctionArgs): Promise<Response> {
  return answerStorage(context.app, request);
}
