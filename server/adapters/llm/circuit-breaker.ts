import type { LlmPort, ModelFailureCode, ModelOutcome } from './port.ts';

/** So many failures of a model in a row, with no success between them, and nobody asks it for a while. */
const FAILURES = 10;
const OPEN_MS = 30_000;

/** The provider's own trouble. A refused request, a spent key or a limit of ours says nothing about the next call. */
const TROUBLE: readonly ModelFailureCode[] = [
  'connect_timeout',
  'first_token_timeout',
  'idle_timeout',
  'network',
  'overloaded',
  'provider_error',
];

type Circuit = { failures: number; openUntil: number; trying: boolean };

/**
 * Spares a model that keeps failing, and whoever waits for it: after ten failures in a row its calls fail at once, so that an
 * agent's fallback is asked without a wait. After half a minute one call is let through; if it succeeds, all are again.
 */
export function withCircuitBreaker(
  llm: LlmPort,
  { onChange, now = Date.now }: { onChange: (model: string, open: boolean) => void; now?: () => number },
): LlmPort {
  const circuits = new Map<string, Circuit>();

  function mayCall(circuit: Circuit): boolean {
    if (circuit.failures < FAILURES) return true;
    if (now() < circuit.openUntil || circuit.trying) return false;
    circuit.trying = true;
    return true;
  }

  function note(model: string, circuit: Circuit, outcome: ModelOutcome): void {
    circuit.trying = false;
    if (outcome.failure && !TROUBLE.includes(outcome.failure.code)) return;
    const wasOpen = circuit.failures >= FAILURES;
    circuit.failures = outcome.failure ? circuit.failures + 1 : 0;
    const open = circuit.failures >= FAILURES;
    if (open) circuit.openUntil = now() + OPEN_MS;
    if (open !== wasOpen) onChange(model, open);
  }

  return {
    ...llm,
    async callModel(request, options) {
      const circuit = circuits.get(request.model) ?? { failures: 0, openUntil: 0, trying: false };
      circuits.set(request.model, circuit);
      if (!mayCall(circuit)) return refusal();
      try {
        const outcome = await llm.callModel(request, options);
        note(request.model, circuit, outcome);
        return outcome;
      } finally {
        circuit.trying = false;
      }
    },
  };
}

/** A call that was not made: there is nothing to meter. */
function refusal(): ModelOutcome {
  return {
    text: '',
    toolCalls: [],
    status: 'failed',
    finishReason: null,
    failure: {
      code: 'circuit_open',
      message: 'This model has kept failing, so it is not asked for half a minute. Try again then, or choose another.',
      httpStatus: null,
      retryable: false,
      retryAfterMs: null,
    },
    reached: false,
    usage: { promptTokens: 0, completionTokens: 0, cachedTokens: 0, costUsd: null, source: 'estimated' },
    servedModel: null,
    requestId: null,
    firstTokenMs: null,
    latencyMs: 0,
  };
}
