import { byRequest } from '#server/admin/audit/by-request.ts';
import { ZSetSettings, ZSettings } from '#server/admin/contract.ts';
import { getSettings } from '#server/admin/settings/get-settings.ts';
import { setSettings } from '#server/admin/settings/set-settings.ts';
import { apiRoute, operation } from '#server/http/api-route.ts';

export const route = apiRoute({
  GET: operation({
    summary: 'The manager’s model, the sign-up mode and what is switched off',
    audience: 'admin',
    status: 200,
    response: ZSettings,
    handle: ({ app }) => getSettings(app),
  }),
  PUT: operation({
    summary: 'Changes the settings that are given, and no other',
    audience: 'admin',
    body: ZSetSettings,
    status: 200,
    response: ZSettings,
    handle: ({ app, principal, body, context }) =>
      setSettings(app, { change: body, by: byRequest(principal, context) }),
  }),
});

export const loader = route.loader;
export const action = route.action;
