/**
 * A chat page of another site, written as its author would from LangGraph's documents: React's `useStream` and nothing of
 * ours. It asks for what agent-chat-ui asks for: history, resumable streams, replies made again, branches, interrupts.
 */
import type { Message } from '@langchain/langgraph-sdk';
import { useStream } from '@langchain/langgraph-sdk/react';
import { useState } from 'react';
import { createRoot } from 'react-dom/client';

const given = new URLSearchParams(location.search);

function Chat() {
  const [threadId, setThreadId] = useState(given.get('thread'));
  const [text, setText] = useState('');
  const stream = useStream<{ messages: Message[] }>({
    apiUrl: given.get('apiUrl') ?? '',
    apiKey: given.get('apiKey') ?? '',
    assistantId: given.get('assistant') ?? '',
    threadId,
    fetchStateHistory: true,
    reconnectOnMount: true,
    onThreadId: (id) => {
      setThreadId(id);
      given.set('thread', id);
      history.replaceState(null, '', `?${given}`);
    },
  });
  const running = { streamSubgraphs: true, streamResumable: true };

  return (
    <main>
      <ol aria-label="Messages">
        {stream.messages.map((message) => {
          const metadata = stream.getMessagesMetadata(message);
          const place = metadata?.branchOptions?.indexOf(metadata.branch ?? '') ?? -1;
          return (
            <li key={message.id} aria-label={message.type === 'human' ? 'You' : message.name}>
              <p>{typeof message.content === 'string' ? message.content : JSON.stringify(message.content)}</p>
              {message.type === 'ai' && (
                <button
                  onClick={() =>
                    void stream.submit(undefined, {
                      ...running,
                      checkpoint: metadata?.firstSeenState?.parent_checkpoint ?? null,
                    })
                  }
                >
                  Again
                </button>
              )}
              {metadata?.branchOptions && (
                <button onClick={() => stream.setBranch(metadata.branchOptions?.[place === 0 ? 1 : 0] ?? '')}>
                  {place + 1} of {metadata.branchOptions.length}
                </button>
              )}
            </li>
          );
        })}
      </ol>
      {stream.interrupt !== undefined && <p role="status">Interrupted</p>}
      {stream.error !== undefined && (
        <p role="alert">{stream.error instanceof Error ? stream.error.message : JSON.stringify(stream.error)}</p>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const message: Message = { type: 'human', content: [{ type: 'text', text }] };
          void stream.submit({ messages: [message] }, running);
          setText('');
        }}
      >
        <input aria-label="Message" value={text} onChange={(event) => setText(event.target.value)} />
        <button disabled={stream.isLoading}>Send</button>
      </form>
      {stream.isLoading && <button onClick={() => void stream.stop()}>Stop</button>}
    </main>
  );
}

createRoot(document.body.appendChild(document.createElement('div'))).render(<Chat />);
