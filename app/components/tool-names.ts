const NAMES: Readonly<Record<string, string>> = { search_web: 'Web search', read_file: 'Reading files' };

/** What people call a tool; those of tool servers have names of their own. */
export function toolName(tool: string): string {
  return NAMES[tool] ?? tool;
}
