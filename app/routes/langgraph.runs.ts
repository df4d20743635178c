import { apiRoute } from '#server/http/api-route.ts';
import { createRun } from '#server/langgraph/run-operations.ts';

export const route = apiRoute({ POST: createRun('a thread of its own') });
export const loader = route.loader;
export const action = route.action;
