/**
 * Sets text from elsewhere apart as data. The text stays as it is; the fence is longer than any run of tildes in it, so
 * no text can close its own fence.
 */
export function quote(label: string, text: string): string {
  // Most texts have no such run, and an agent reads a whole conversation of them.
  const longest = text.includes('~~~') ? Math.max(...Array.from(text.matchAll(/~+/g), (run) => run[0].length)) : 2;
  const fence = '~'.repeat(longest + 1);
  return `${label}\n${fence}\n${text}\n${fence}`;
}

/** A reply as another agent reads it: verbatim, under its agent's name. */
export function quoteReply(reply: { agentName: string; content: string }): string {
  return quote(`${reply.agentName} wrote:`, reply.content);
}
