import type { ToolCall } from '#server/turns/contract.ts';

type Told = {
  /** “Searched the web for “copper price””. */
  line: string;
  /** “5 results”; empty where the line says it all. */
  result: string;
  /** What was asked, word for word. */
  asked: { label: string; value: string }[];
};

/** A tool’s call in words. Its arguments come from a model: they may be anything, and are shown as they are. */
export function describeToolCall(call: ToolCall): Told {
  const given = readArguments(call.arguments);
  return { line: lineOf(call, given), result: resultOf(call), asked: askedOf(call, given) };
}

function lineOf({ tool, status, summary, origin }: ToolCall, given: Record<string, unknown>): string {
  if (origin) return lineOfServerTool(origin, status);
  const query = quoted(given['query']);
  const file = quoted(given['file']);
  const done = status === 'completed';
  if (status === 'denied') return `Not permitted: ${wish(tool, query, file)}`;
  if (status === 'failed') return `Did not work: ${wish(tool, query, file)}`;
  switch (tool) {
    case 'search_web':
      return `${done ? 'Searched' : 'Searching'} the web${query && ` for ${query}`}`;
    case 'search_files':
      return `${done ? 'Searched' : 'Searching'} the files${query && ` for ${query}`}`;
    case 'read_file':
      return done ? `Read ${summary}` : `Reading ${file || 'a file'}`;
    case 'csv_query':
      return done ? `Computed from ${summary}` : `Computing from ${file || 'a table'}`;
    case 'list_files':
      return done ? 'Looked which files there are' : 'Looking which files there are';
    default:
      return tool;
  }
}

function lineOfServerTool({ server, tool }: NonNullable<ToolCall['origin']>, status: ToolCall['status']): string {
  const named = `${tool} on ${server}`;
  switch (status) {
    case 'waiting':
    case 'running':
      return `Using ${named}`;
    case 'completed':
      return `Used ${named}`;
    case 'failed':
      return `Did not work: ${named}`;
    case 'denied':
      return `Not permitted: ${named}`;
  }
}

/** What was wanted and did not come about. */
function wish(tool: string, query: string, file: string): string {
  switch (tool) {
    case 'search_web':
      return `search the web${query && ` for ${query}`}`;
    case 'search_files':
      return `search the files${query && ` for ${query}`}`;
    case 'read_file':
      return `read ${file || 'a file'}`;
    case 'csv_query':
      return `compute from ${file || 'a table'}`;
    case 'list_files':
      return 'look which files there are';
    default:
      return `use “${tool}”`;
  }
}

/** The line has the query already: “5 results for “copper”” is “5 results” here. */
function resultOf({ tool, status, summary }: ToolCall): string {
  if (status !== 'completed') return '';
  switch (tool) {
    case 'search_web':
      return summary.replace(/ for “.*”/su, '');
    case 'search_files':
      return summary.replace(/ for “.*”/su, '');
    case 'list_files':
      return summary;
    default:
      return '';
  }
}

function askedOf({ tool, status, origin, summary }: ToolCall, given: Record<string, unknown>): Told['asked'] {
  if (origin) {
    const sent = { label: status === 'denied' ? 'Not sent' : 'Sent', value: JSON.stringify(given, null, 2) };
    return status === 'completed' ? [sent, { label: 'Came back', value: summary }] : [sent];
  }
  const query = typeof given['query'] === 'string' ? given['query'] : '';
  if (tool === 'search_web' && query !== '') {
    return [{ label: status === 'completed' ? 'The words that went out' : 'The words', value: query }];
  }
  if (tool === 'search_files' && query !== '') return [{ label: 'Looked for', value: query }];
  if (tool === 'csv_query') {
    const { file: _, limit: __, ...rest } = given;
    return Object.entries(rest)
      .filter(([, value]) => !(Array.isArray(value) && value.length === 0) && value !== null)
      .map(([label, value]) => ({ label, value: JSON.stringify(value) }));
  }
  if (status === 'denied' && Object.keys(given).length > 0) return [{ label: 'Asked', value: JSON.stringify(given) }];
  return [];
}

function readArguments(given: unknown): Record<string, unknown> {
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given as Record<string, unknown>;
  return typeof given === 'string' && given !== '' ? { asked: given } : {};
}

function quoted(value: unknown): string {
  return typeof value === 'string' && value !== '' ? `“${value.slice(0, 200)}”` : '';
}
