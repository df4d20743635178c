import { z } from 'zod';
import type { StepSpec } from '#graphs/ports.ts';
import { nameFiles } from '#graphs/plan.ts';
import type { Agent } from '#server/agents/contract.ts';
import type { ToolDefinition, ToolRequest } from '#server/adapters/llm/port.ts';
import { ZTableQuery } from '#server/files/parse/query-table.ts';
import { TOOL_LIMITS } from '#server/tools/limits.ts';
import { refused, type ToolOutcome } from '#server/tools/outcome.ts';
import type { TurnServerTool } from '#server/tool-servers/contract.ts';
import type { TurnFile } from '#server/tools/turn-tools.ts';
import type { Snapshot } from '#server/turns/snapshot.ts';

/** A file as a model names it: two of one name are told apart. */
export type PermittedFile = TurnFile & { handle: string };

/** What a step may use, and nothing else. Made from the turn's snapshot alone: no text that a model reads can widen it. */
export type Permit = {
  search: boolean;
  files: PermittedFile[];
  /** Files of the turn that this step may not read, so that asking for one is told from asking for nothing. */
  withheld: PermittedFile[];
  /** Tools of the person's servers: those that this agent may use, and those that only others may. */
  serverTools: TurnServerTool[];
  othersServerTools: TurnServerTool[];
};

const ZFileName = z.string().max(500);
const page = z.int().min(1).max(1_000_000);

/** Every tool there is, with the shape of what it takes. */
const TOOLS = {
  search_web: z.object({ query: z.string().trim().min(1).max(4_000) }),
  read_file: z.object({ file: ZFileName, from_page: page.nullish(), to_page: page.nullish() }),
  search_files: z.object({ query: z.string().trim().min(1).max(1_000), files: z.array(ZFileName).max(100).nullish() }),
  csv_query: ZTableQuery.extend({ file: ZFileName }),
  list_files: z.object({}),
} as const;
export type ToolName = keyof typeof TOOLS;

/** What a model calls a tool may be anything. */
export function isTool(name: string): name is ToolName {
  return Object.hasOwn(TOOLS, name);
}

export type PermittedCall =
  | { tool: 'search_web'; args: z.infer<(typeof TOOLS)['search_web']> }
  | { tool: 'list_files'; args: Record<string, never>; files: PermittedFile[] }
  | { tool: 'read_file'; args: z.infer<(typeof TOOLS)['read_file']>; file: PermittedFile }
  | { tool: 'search_files'; args: z.infer<(typeof TOOLS)['search_files']>; files: PermittedFile[] }
  | { tool: 'mcp'; args: Record<string, unknown>; server: TurnServerTool }
  | { tool: 'csv_query'; args: z.infer<(typeof TOOLS)['csv_query']>; file: PermittedFile };

/**
 * FR-TOOL-005 and FR-TOOL-006. A step has its agent's permissions as they were when the message was accepted; the graph's
 * word for them must agree. A worker reads the files that the manager directed it to; elsewhere an agent with the
 * permission reads the conversation's own. The manager and the synthesis have no tools.
 */
export function permitOf(
  snapshot: Pick<Snapshot, 'roster' | 'files' | 'serverTools'>,
  spec: Pick<StepSpec, 'kind' | 'agentId' | 'toolPermissions' | 'fileIds'>,
): Permit {
  const agent = spec.kind === 'agent' ? snapshot.roster.find(({ id }) => id === spec.agentId) : undefined;
  const all = named(snapshot.files ?? []);
  const serverTools = snapshot.serverTools ?? [];
  if (!agent) return { search: false, files: [], withheld: all, serverTools: [], othersServerTools: serverTools };
  const mayRead = (file: PermittedFile) =>
    agent.toolPermissions.files &&
    spec.toolPermissions.files &&
    (spec.fileIds === null || spec.fileIds.includes(file.id));
  return {
    search: agent.toolPermissions.search && spec.toolPermissions.search,
    files: all.filter(mayRead),
    withheld: all.filter((file) => !mayRead(file)),
    serverTools: serverTools.filter((tool) => mayUse(agent, tool)),
    othersServerTools: serverTools.filter((tool) => !mayUse(agent, tool)),
  };
}

export function mayUse(
  { toolPermissions }: Pick<Agent, 'toolPermissions'>,
  { serverId, tool }: TurnServerTool,
): boolean {
  return (toolPermissions.servers ?? []).some((one) => one.serverId === serverId && one.tools.includes(tool));
}

function named(files: TurnFile[]): PermittedFile[] {
  return nameFiles(files).map(({ handle }, place) => ({ ...(files[place] as TurnFile), handle }));
}

/** What the model is offered. */
export function offeredTools(permit: Permit): ToolDefinition[] {
  const tables = permit.files.filter(({ mimeType }) => mimeType === 'text/csv');
  const names: ToolName[] = [
    ...(permit.search ? (['search_web'] as const) : []),
    ...(permit.files.length > 0 ? (['read_file', 'search_files'] as const) : []),
    ...(tables.length > 0 ? (['csv_query'] as const) : []),
    ...(permit.files.length > 0 ? (['list_files'] as const) : []),
  ];
  return [
    ...names.map((name) => ({
      name,
      description: DESCRIPTIONS[name],
      parameters: parametersOf(name, name === 'csv_query' ? tables : permit.files),
    })),
    ...permit.serverTools.map(({ handle, description, parameters }) => ({ name: handle, description, parameters })),
  ];
}

const DESCRIPTIONS: Record<ToolName, string> = {
  search_web:
    'Search the web. Ask with a few plain words. Results are numbered; cite what you use by its number, like [1].',
  read_file:
    'Read a file of this conversation: all of it when it is short, else the pages from `from_page` on. Pages are numbered; cite what you use by its number, like [2].',
  search_files:
    'Find passages in the files of this conversation by words that they contain. Passages are numbered; cite what you use by its number, like [3].',
  csv_query:
    'Ask a table (CSV): filter rows, group, and compute sums, averages and other figures exactly. Without any condition it describes the columns.',
  list_files: 'List the files that you may read.',
};

/** As JSON schema, with the names of the permitted files as the only ones there are. */
function parametersOf(name: ToolName, files: PermittedFile[]): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(TOOLS[name], { io: 'input', unrepresentable: 'any' });
  const handles = files.map(({ handle }) => handle);
  const properties = { ...(schema.properties as Record<string, object> | undefined) };
  if ('file' in properties) properties['file'] = { type: 'string', enum: handles };
  if ('files' in properties) properties['files'] = { type: 'array', items: { type: 'string', enum: handles } };
  for (const key of ['from_page', 'to_page']) if (key in properties) properties[key] = { type: 'integer', minimum: 1 };
  return { ...schema, properties };
}

/**
 * Judges a call that a model made, whatever it was offered: the tool exists, the step may use it, its arguments are of
 * their shape, and every file that it names is one that the step may read.
 */
export function judgeCall(
  permit: Permit,
  request: Pick<ToolRequest, 'name' | 'arguments'>,
): PermittedCall | ToolOutcome {
  const tool = request.name;
  if (!isTool(tool)) return judgeServerCall(permit, request);
  if (tool === 'search_web' && !permit.search) {
    return refused('denied', 'not_permitted', 'This agent may not search the web.');
  }
  const named = readJson(request.arguments);
  if (tool !== 'search_web' && permit.files.length === 0) {
    const asked = [...namesIn(named)].flatMap((name) => find(permit.withheld, name) ?? []);
    const message = 'This agent has no file that it may read here.';
    return refused(
      'denied',
      'not_permitted',
      message,
      asked.map((file) => denied(file.id, tool)),
    );
  }
  const parsed = TOOLS[tool].safeParse(named);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map(
      ({ path, message }) => `${path.map(String).join('.') || 'arguments'}: ${message}`,
    );
    return refused('failed', 'invalid_arguments', `The arguments are not valid. ${wrong.slice(0, 5).join('; ')}`);
  }
  for (const name of namesIn(parsed.data)) {
    if (find(permit.files, name)) continue;
    const withheld = find(permit.withheld, name);
    const message = `There is no file “${name.slice(0, 150)}” that this agent may read.`;
    return refused('denied', 'file_not_permitted', message, withheld ? [denied(withheld.id, tool)] : []);
  }
  return permitted(permit, tool, parsed.data);
}

/** What its server makes of the arguments is the server's to judge; its schema is text from outside, and is run by nobody here. */
function judgeServerCall(permit: Permit, { name, arguments: given }: Pick<ToolRequest, 'name' | 'arguments'>) {
  const called = ({ handle }: TurnServerTool) => handle === name;
  const server = permit.serverTools.find(called);
  if (!server) {
    return permit.othersServerTools.some(called)
      ? refused('denied', 'not_permitted', 'This agent may not use this tool.')
      : refused('denied', 'unknown_tool', 'There is no tool of that name.');
  }
  if (given.length > TOOL_LIMITS.argumentCharacters) {
    return refused('failed', 'invalid_arguments', 'The arguments are too long.');
  }
  const args = readJson(given);
  if (typeof args !== 'object' || args === null || Array.isArray(args)) {
    return refused('failed', 'invalid_arguments', 'The arguments are not a JSON object.');
  }
  return { tool: 'mcp' as const, args: args as Record<string, unknown>, server };
}

function permitted(permit: Permit, tool: ToolName, data: unknown): PermittedCall {
  const [one] = [...namesIn(data)].flatMap((name) => find(permit.files, name) ?? []);
  switch (tool) {
    case 'search_web':
      return { tool, args: data as z.infer<(typeof TOOLS)['search_web']> };
    case 'list_files':
      return { tool, args: {}, files: permit.files };
    case 'search_files': {
      const args = data as z.infer<(typeof TOOLS)['search_files']>;
      const chosen = (args.files ?? []).flatMap((name) => find(permit.files, name) ?? []);
      return { tool, args, files: chosen.length > 0 ? chosen : permit.files };
    }
    case 'read_file':
      return { tool, args: data as z.infer<(typeof TOOLS)['read_file']>, file: one as PermittedFile };
    case 'csv_query':
      return { tool, args: data as z.infer<(typeof TOOLS)['csv_query']>, file: one as PermittedFile };
  }
}

/** The files that arguments name, in `file` and in `files`. */
function namesIn(args: unknown): Set<string> {
  const given = typeof args === 'object' && args !== null ? (args as Record<string, unknown>) : {};
  const several: unknown[] = Array.isArray(given['files']) ? given['files'] : [];
  return new Set([given['file'], ...several].filter((name) => typeof name === 'string'));
}

function find(files: PermittedFile[], name: string): PermittedFile | undefined {
  return files.find(({ handle }) => handle === name) ?? files.find(({ id }) => id === name);
}

function denied(fileId: string, tool: ToolName) {
  const action = tool === 'search_files' ? 'search' : tool === 'csv_query' ? 'query' : 'read';
  return { fileId, action, pages: null, allowed: false } as const;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text === '' ? '{}' : text);
  } catch {
    return null;
  }
}
