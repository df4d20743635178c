import { apiRoute } from '#server/http/api-route.ts';
import { readApiDocument } from '#app/api-document.server.ts';

export const route = apiRoute({ GET: readApiDocument });
export const loader = route.loader;
export const action = route.action;
