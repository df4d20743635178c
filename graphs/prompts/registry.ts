import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export const PROMPT_NAMES = ['agent', 'manager', 'synthesis', 'summariser'] as const;
export type PromptName = (typeof PROMPT_NAMES)[number];

/** A prompt's text with `{{placeholders}}`. Its version is a hash of the text: whoever edits the text changes it. */
export type Prompt = { name: PromptName; version: string; text: string };
export type Prompts = Record<PromptName, Prompt>;

/**
 * Reads the prompt files. Called where a graph is built, not on import, so that a bundle which carries this module along
 * but builds no graph needs no files beside it.
 */
export function readPrompts(): Prompts {
  const read = (name: PromptName): Prompt => {
    const text = readFileSync(new URL(`./${name}.md`, import.meta.url), 'utf8').trim();
    return { name, version: createHash('sha256').update(text).digest('hex').slice(0, 12), text };
  };
  return {
    agent: read('agent'),
    manager: read('manager'),
    synthesis: read('synthesis'),
    summariser: read('summariser'),
  };
}

/** Fills the placeholders in one pass, so that what a value contains is never taken for a placeholder. */
export function renderPrompt(text: string, values: Record<string, string>): string {
  return text
    .replace(/\{\{(\w+)\}\}/g, (placeholder, name: string) => values[name] ?? placeholder)
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
