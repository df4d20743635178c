/** Sends one mail or throws; the caller retries. */
export type Mail = { to: string; subject: string; text: string; html: string; /** The one link in it. */ url: string };

export type MailPort = { readonly kind: 'dev' | 'smtp'; send(mail: Mail): Promise<void> };
