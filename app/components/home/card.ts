/** What leads into a conversation from home. */
export const CARD =
  'group flex h-full flex-col sm:min-h-28 rounded-2xl border border-line bg-raised p-4 shadow-xs transition-colors hover:border-line-strong';
