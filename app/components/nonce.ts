import { createContext } from 'react';

/** The CSP nonce of this response, provided when the server renders; a browser hides it from scripts, so it is '' there. */
export const NonceContext = createContext('');
