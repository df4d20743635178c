import { checkUsage } from './check-usage.ts';
import type { ProviderUsage } from './port.ts';

/** OpenRouter's account of a generation, in the model's own tokens; null when it doesn't know it or can't be asked. */
export async function findOpenRouterGeneration(options: {
  baseUrl: string;
  apiKey: string;
  requestId: string;
}): Promise<ProviderUsage | null> {
  try {
    const response = await fetch(`${options.baseUrl}/generation?id=${encodeURIComponent(options.requestId)}`, {
      headers: { authorization: `Bearer ${options.apiKey}` },
      signal: AbortSignal.timeout(5_000),
    });
    if (!response.ok) return null;
    const { data } = (await response.json()) as { data?: Record<string, unknown> };
    return checkUsage({
      prompt_tokens: data?.['native_tokens_prompt'] ?? data?.['tokens_prompt'],
      completion_tokens: data?.['native_tokens_completion'] ?? data?.['tokens_completion'],
      prompt_tokens_details: { cached_tokens: data?.['native_tokens_cached'] ?? 0 },
      cost: data?.['total_cost'],
    });
  } catch {
    return null;
  }
}
