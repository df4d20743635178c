import { describe, expect, test } from 'vitest';
import { PROMPT_NAMES, readPrompts, renderPrompt } from './registry.ts';

const prompts = readPrompts();

describe('prompts', () => {
  test.each(PROMPT_NAMES)('%s is there, with a version that is a hash of its text', (name) => {
    expect(prompts[name].text.length).toBeGreaterThan(200);
    expect(prompts[name].version).toMatch(/^[0-9a-f]{12}$/);
    expect(readPrompts()[name]).toEqual(prompts[name]);
  });

  test.each<[(typeof PROMPT_NAMES)[number], string[]]>([
    ['agent', ['name', 'role', 'roster']],
    ['manager', ['agents', 'files', 'maxAssignments']],
    ['synthesis', []],
    ['summariser', ['maxWords']],
  ])('%s has exactly the placeholders that its caller fills', (name, placeholders) => {
    const found = new Set(Array.from(prompts[name].text.matchAll(/\{\{(\w+)\}\}/g), (match) => match[1]));
    expect([...found].sort()).toEqual(placeholders);
  });

  test('a value that looks like a placeholder stays as it is', () => {
    expect(renderPrompt('{{a}} {{b}} {{c}}', { a: '{{b}} $& $1', b: 'B' })).toBe('{{b}} $& $1 B {{c}}');
  });

  test('an empty value leaves no hole', () => {
    expect(renderPrompt('one\n\n{{gone}}\n\ntwo', { gone: '' })).toBe('one\n\ntwo');
  });

  test.each(['agent', 'manager', 'synthesis', 'summariser'] as const)(
    '%s says that quoted text is material, not instruction',
    (name) => {
      expect(prompts[name].text).toMatch(/lines of tildes.*(material|data)/);
    },
  );
});
