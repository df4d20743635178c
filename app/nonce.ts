import { createContext } from 'react';

/** The nonce for inline scripts of this response; empty in the browser, which hides it from scripts. */
export const NonceContext = createContext('');
