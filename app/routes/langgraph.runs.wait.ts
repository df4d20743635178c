import { apiRoute } from '#server/http/api-route.ts';
import { createAndWait } from '#server/langgraph/run-operations.ts';

export const route = apiRoute({ POST: createAndWait('a thread of its own') });
export const loader = route.loader;
export const action = route.action;
