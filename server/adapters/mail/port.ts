/** Sends one mail or throws; the caller retries. */
export type Mail = { to: string; subject: string; text: string; html: string; /** The one link in it. */ url: string };

/** `dev` keeps mail in the development mailbox; `none` is production with no mail server: every `send` throws. */
export type MailPort = { readonly kind: 'dev' | 'smtp' | 'none'; send(mail: Mail): Promise<void> };
