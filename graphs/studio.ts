/**
 * What `langgraph.json` points at: the graphs as LangGraph Studio runs them, on plain model calls and without a
 * checkpointer (Studio's server brings its own). Importing this opens nothing; the first model call does.
 */
import { createLogger, format, transports } from 'winston';
import { createLlm } from '#server/adapters/llm/create-llm.ts';
import type { LlmPort } from '#server/adapters/llm/port.ts';
import { loadEnv } from '#server/platform/load-env.ts';
import { buildDirect } from './direct.ts';
import { buildManual } from './manual.ts';
import { buildOrchestrator } from './orchestrator.ts';
import { readPrompts } from './prompts/registry.ts';
import { buildRoundtable } from './roundtable.ts';
import { STUDIO_COUNCIL } from './studio-council.ts';
import { studioPorts } from './studio-ports.ts';

/** Studio reads no database: these are pricing version 1's models, for where the environment names none. */
const MODELS: Record<string, string> = {
  llama: 'meta-llama/llama-3.3-70b-instruct',
  qwen: 'qwen/qwen3-235b-a22b-2507',
  deepseek: 'deepseek/deepseek-v3.2',
  gpt_oss: 'openai/gpt-oss-120b',
  premium: 'google/gemini-2.5-pro',
};

/** Opened by the first call and kept for the process, which is Studio's own. */
function openOnce(): () => Promise<LlmPort> {
  let opened: Promise<LlmPort> | undefined;
  return () => {
    opened ??= createLlm(
      loadEnv(),
      createLogger({
        format: format.simple(),
        transports: [new transports.Console({ stderrLevels: ['info', 'warn'] })],
      }),
    );
    return opened;
  };
}

const portsFor = studioPorts(openOnce(), (alias) => MODELS[alias] ?? alias);
const options = { prompts: readPrompts(), council: STUDIO_COUNCIL, models: Object.keys(MODELS), checked: true };

export const manual = buildManual(portsFor, options).compile();
export const roundtable = buildRoundtable(portsFor, options).compile();
export const orchestrator = buildOrchestrator(portsFor, options).compile();
export const direct = buildDirect(portsFor, options).compile();
