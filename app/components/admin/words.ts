import type { AuditAction } from '#server/admin/contract.ts';

/** A code of the API or the database as a person reads it: `rate_limited` is “Rate limited”, `user.sign_in` “User sign in”. */
export function inWords(code: string): string {
  if (code === 'ok') return 'OK';
  const words = code
    .replaceAll(/[_.-]/g, ' ')
    .replaceAll(/([a-z\d])([A-Z])/g, (_, end: string, start: string) => `${end} ${start.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const ACTIONS: Record<AuditAction, string> = {
  'user.sign_in': 'Signed in',
  'user.cap': 'Monthly cap changed',
  'user.suspend': 'User suspended',
  'user.reactivate': 'User reactivated',
  'user.role': 'Role changed',
  'user.plan': 'Plan changed',
  'user.delete': 'Account deleted',
  'user.restore': 'Account restored',
  'user.credits': 'Credits adjusted',
  'model_policy.update': 'Models of a plan changed',
  'settings.update': 'Settings changed',
  'pricing.draft': 'Prices drafted',
  'pricing.update': 'Draft of prices changed',
  'pricing.discard': 'Draft of prices discarded',
  'pricing.publish': 'Prices published',
  'invite.create': 'Invitation sent',
  'invite.revoke': 'Invitation revoked',
  'job.retry': 'Job retried',
  'job.discard': 'Job discarded',
  export: 'Exported',
  purge: 'Purged',
  'purge.retry': 'Purge retried',
};

/** What was done, as the audit log’s page says it. */
export function actionInWords(action: string): string {
  return (ACTIONS as Record<string, string>)[action] ?? inWords(action);
}

/** When a job is due: “Every 10 min”, “Hourly at :17”, “Daily at 04:20”; another cron line stays what it is. */
export function scheduleInWords(cron: string | null): string {
  if (cron === null) return 'On demand';
  const [minute = '', hour = '', ...rest] = cron.split(' ');
  if (rest.join(' ') !== '* * *') return cron;
  if (hour === '*' && /^\*\/\d+$/.test(minute)) return `Every ${minute.slice(2)} min`;
  if (!/^\d+$/.test(minute)) return cron;
  if (hour === '*') return `Hourly at :${minute.padStart(2, '0')}`;
  return /^\d+$/.test(hour) ? `Daily at ${hour.padStart(2, '0')}:${minute.padStart(2, '0')}` : cron;
}
