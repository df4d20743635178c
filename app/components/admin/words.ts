/** A code of the API or the database as a person reads it: `rate_limited` is “Rate limited”, `user.sign_in` “User sign in”. */
export function inWords(code: string): string {
  const words = code
    .replaceAll(/[_.-]/g, ' ')
    .replaceAll(/([a-z\d])([A-Z])/g, (_, end: string, start: string) => `${end} ${start.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** When a job is due: “every 10 minutes”, “hourly at :17”, “daily at 04:20”; another cron line stays what it is. */
export function scheduleInWords(cron: string | null): string {
  if (cron === null) return 'on demand';
  const [minute = '', hour = '', ...rest] = cron.split(' ');
  if (rest.join(' ') !== '* * *') return cron;
  if (hour === '*' && /^\*\/\d+$/.test(minute)) return `every ${minute.slice(2)} minutes`;
  if (!/^\d+$/.test(minute)) return cron;
  if (hour === '*') return `hourly at :${minute.padStart(2, '0')}`;
  return /^\d+$/.test(hour) ? `daily at ${hour.padStart(2, '0')}:${minute.padStart(2, '0')}` : cron;
}
