import { textOf, type DemoReply, type DemoRequest, type DemoSchema } from './wire.ts';
import type { DemoPrompt } from './read-prompt.ts';
import { sample } from './compose-structured.ts';
import { gist } from './words.ts';

const WANTS_SEARCH = /\b(search|look up|google|find out|online|on the web|latest|news|current price)\b/i;
const WANTS_FILE =
  /\b(read|files?|documents?|attachments?|attached|pdf|csv|docx?|spreadsheet|report)\b|\.(pdf|docx|txt|md|csv)\b/i;

/** A tool call when one is offered that the message asks for, and it wasn't made yet. */
export function chooseTool(request: DemoRequest, prompt: DemoPrompt): DemoReply['toolCall'] {
  if (prompt.toolResults.length > 0 || request.tool_choice === 'none') return null;
  const asked = `${prompt.message}\n${prompt.instruction ?? ''}`;
  const tool = (request.tools ?? []).find(({ function: { name } }) =>
    /search|web/i.test(name) ? WANTS_SEARCH.test(asked) : /file|read|document/i.test(name) && WANTS_FILE.test(asked),
  );
  if (!tool) return null;
  const { name, parameters = {} } = tool.function;
  const everything = request.messages.map(textOf).join('\n');
  const blank = sample({ type: 'object', ...parameters }, queryFrom(prompt.message)) as Record<string, unknown>;
  const filled = Object.fromEntries(
    Object.entries(blank).map(([key, value]) => [
      key,
      fileArgument(key, parameters.properties?.[key], everything) ?? value,
    ]),
  );
  return { name, arguments: JSON.stringify(filled) };
}

/** A file is meant by one of the names that are offered, or by a name with an ending somewhere in the prompt. */
function fileArgument(key: string, schema: DemoSchema | undefined, everything: string): string | null {
  const offered = schema?.enum?.map(String);
  if (offered) return offered.find((value) => everything.includes(value)) ?? null;
  if (!/file|document|name/i.test(key)) return null;
  return (
    /“([^”\n]+\.(?:pdf|docx|txt|md|csv))”|([\w-]+\.(?:pdf|docx|txt|md|csv))\b/i
      .exec(everything)
      ?.slice(1)
      .find(Boolean) ?? null
  );
}

/** “Please search the web for the price of copper” looks for the price of copper. */
function queryFrom(message: string): string {
  const query = message.replace(
    /^.*?\b(?:search(?: the web| online)?|look up|find out|google)\b(?: for| about)?\s*/i,
    '',
  );
  return gist(query === '' ? message : query).replace(/[.?!]$/, '');
}
