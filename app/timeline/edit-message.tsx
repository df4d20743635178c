import { useState } from 'react';
import type { Turn } from '#server/turns/contract.ts';
import { Button } from '#app/components/ui/button.tsx';
import { Textarea } from '#app/components/ui/input.tsx';
import { useTimeline } from '#app/timeline/timeline-context.ts';

/** A message’s text to be changed and sent again, in the message’s place. */
export function EditMessage({ turn, onDone }: { turn: Turn; onDone: () => void }) {
  const { onResend } = useTimeline();
  const [text, setText] = useState(turn.message);
  const [sending, setSending] = useState(false);
  const send = async () => {
    setSending(true);
    const sent = await onResend(turn, text);
    setSending(false);
    if (sent) onDone();
  };
  return (
    <form
      className="ml-auto w-full max-w-[38rem] space-y-2"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Textarea
        aria-label="Edit your message"
        autoFocus
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onDone();
          if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) void send();
        }}
        className="text-[15px]"
      />
      <div className="flex items-center justify-end gap-2">
        <p className="mr-auto text-xs text-ink-faint">The answers so far stay on their own branch.</p>
        <Button size="sm" variant="ghost" onClick={onDone}>
          Cancel
        </Button>
        <Button size="sm" variant="primary" type="submit" pending={sending} disabled={text.trim() === ''}>
          Send again
        </Button>
      </div>
    </form>
  );
}
