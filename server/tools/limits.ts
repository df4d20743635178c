/** What one step may ask of its tools, in rounds of asking and in text that comes back. The hold of a turn counts on it. */
export const TOOL_LIMITS = {
  /** Times that a model may use tools before it has to answer. */
  rounds: 5,
  callsPerStep: 8,
  /** Characters of results: of one call, and of all of a step's. */
  resultCharacters: 16_000,
  stepCharacters: 48_000,
  /** The dearest call: pages that one may return. */
  pagesPerCall: 40,
  /** What a tool of a tool server is given, and how often such tools are called in a turn. */
  argumentCharacters: 16_000,
  serverCallsPerTurn: 16,
} as const;

export const SEARCH_LIMITS = {
  results: 5,
  queryCharacters: 400,
  /** Once a file was read in the turn, a query could carry what it says to the outside. */
  guardedQueryCharacters: 120,
  guardedQueriesPerTurn: 4,
} as const;
