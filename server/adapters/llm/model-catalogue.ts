import type { Env } from '#server/platform/env.ts';
import type { LlmPort } from './port.ts';

type Names = Pick<Env, 'llmModel' | 'llmModels'>;

/**
 * LLM_MODEL_<ALIAS>, else LLM_MODEL, else the pricing version's model if the server offers it, else the first that it
 * offers. `known` is what `/models` lists; empty when nobody asked or nothing came, and then the pricing version decides.
 */
export function modelResolver(names: Names, known: () => readonly string[]): LlmPort['resolveModel'] {
  const byAlias: Record<string, string | undefined> = names.llmModels;
  return (alias, fromPricing) => {
    const configured = byAlias[alias] ?? names.llmModel;
    if (configured) return configured;
    const offered = known();
    return offered.includes(fromPricing) ? fromPricing : (offered[0] ?? fromPricing);
  };
}

/** The ids that an OpenAI-compatible server lists, or null when it can't be asked. */
export async function listModels(baseUrl: string, apiKey: string | null): Promise<string[] | null> {
  try {
    const response = await fetch(`${baseUrl.replace(/\/+$/, '')}/models`, {
      headers: apiKey ? { authorization: `Bearer ${apiKey}` } : {},
      signal: AbortSignal.timeout(5_000),
    });
    if (!response.ok) return null;
    const { data } = (await response.json()) as { data?: { id?: unknown }[] };
    return (data ?? []).map((model) => model.id).filter((id) => typeof id === 'string');
  } catch {
    return null;
  }
}
