import { expect, test } from 'vitest';
import { chatCompletion } from './chat-completion.ts';

const body = (model: string, more = {}) => chatCompletion({ model, messages: [], maxOutputTokens: 9, ...more }, {});

test('OpenAI’s own reasoning models are told their limit by the name that they take', () => {
  for (const model of ['o1', 'o3-mini', 'o4-mini-2025-04-16', 'gpt-5', 'gpt-5-mini', 'gpt-5.1'])
    expect(body(model), model).toMatchObject({ max_completion_tokens: 9 });
  for (const model of ['gpt-4o', 'gpt-4.1', 'gpt-5-chat-latest', 'openai/o3', 'omni', 'llama-3.3-70b'])
    expect(body(model), model).toMatchObject({ max_tokens: 9 });
  expect(body('o3')).not.toHaveProperty('max_tokens');
});

test('an earlier tool call goes back letter by letter, unless its arguments don’t parse', () => {
  const toolCalls = ['{"q": 1 }', '{"q": '].map((args, n) => ({ id: `${n}`, name: 'search', arguments: args }));
  const { messages } = body('m', { messages: [{ role: 'assistant', content: '', toolCalls }] });
  const [message] = messages;
  expect(message && 'tool_calls' in message ? message.tool_calls : []).toMatchObject([
    { function: { arguments: '{"q": 1 }' } },
    { function: { arguments: '{}' } },
  ]);
});
