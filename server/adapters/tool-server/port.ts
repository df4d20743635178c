/** Where a server is, and what it is told of who asks. */
export type ToolServerAddress = { url: string; header: string; secret: string | null };

/** A tool as its server describes it: all of it is text from outside, and the hints are claims. */
export type ListedTool = {
  name: string;
  title: string;
  description: string;
  inputSchema: Record<string, unknown>;
  saysReadOnly: boolean;
  saysDestructive: boolean;
};

export type ToolServerFailure =
  'address_refused' | 'unreachable' | 'auth' | 'timeout' | 'too_large' | 'bad_response' | 'aborted';

/** `message` is plain words for a model and a person: no secret, no address. */
type Failed = { status: 'failed'; code: ToolServerFailure; message: string };

export type ListOutcome = { status: 'ok'; tools: ListedTool[] } | Failed;

/** `sent`: the call had left, so that it may have had its effect although nothing came back. */
export type CallOutcome = { status: 'ok'; text: string; isError: boolean } | (Failed & { sent: boolean });

/**
 * Other people's tools. Never throws for what a server does, asks for each call once, and stops as soon as `signal` aborts.
 */
export type ToolServerPort = {
  list(address: ToolServerAddress, options: { signal: AbortSignal }): Promise<ListOutcome>;
  call(
    address: ToolServerAddress,
    call: { tool: string; args: Record<string, unknown> },
    options: { signal: AbortSignal; characters: number },
  ): Promise<CallOutcome>;
};
