import { apiRoute } from '#server/http/api-route.ts';
import { createAndStream } from '#server/langgraph/run-operations.ts';

export const route = apiRoute({ POST: createAndStream('a thread of its own') });
export const loader = route.loader;
export const action = route.action;
