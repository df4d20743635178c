import { createContext, useContext } from 'react';

/** Where the switcher looks; nothing given is everywhere. */
export type SearchScope = { conversationId: string; name: string };

type Switcher = { openSwitcher: () => void; findIn: (scope: SearchScope) => void };

const Context = createContext<Switcher>({ openSwitcher: () => undefined, findIn: () => undefined });

export const SwitcherProvider = Context.Provider;

/** Opens the switcher, or the search in one conversation. */
export function useSwitcher(): Switcher {
  return useContext(Context);
}
