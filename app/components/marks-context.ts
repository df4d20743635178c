import { createContext, useContext } from 'react';
import type { Marks } from '#app/components/use-activity.ts';

const Context = createContext<Marks>({ busy: new Set(), unread: new Set(), newest: null });

export const MarksProvider = Context.Provider;

/** What is at work and what is unread, as the sidebar shows it; and what was sent last in the open conversation. */
export function useMarks(): Marks {
  return useContext(Context);
}
