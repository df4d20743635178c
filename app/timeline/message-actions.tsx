import { Link2, Pin, PinOff, Quote } from 'lucide-react';
import { useState } from 'react';
import { CopyButton } from '#app/components/copy-button.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { useTimeline } from '#app/timeline/timeline-context.ts';

/** A message's place on its page. A reply's message has its step's id, a user's its turn's. */
export function messageAnchor(messageId: string): string {
  return `message-${messageId}`;
}

type MessageActionsProps = { messageId: string; text: string; whose: string };

/** What can be done with any message, its own or an agent's: copy, quote, pin, link to it. */
export function MessageActions({ messageId, text, whose }: MessageActionsProps) {
  const { canWrite, onQuote, onPin, pinned, pendingId } = useTimeline();
  const isPinned = pinned.has(messageId);
  return (
    <>
      <CopyButton text={text} label={`Copy ${whose}`} />
      {canWrite && (
        <>
          <Button
            variant="ghost"
            size="icon"
            className="size-7 text-ink-faint"
            aria-label={`Quote ${whose}`}
            title={`Quote ${whose}`}
            onClick={() => onQuote(selectedIn(messageId) ?? text)}
          >
            <Quote aria-hidden className="size-3.5" />
          </Button>
          <Button
            variant="ghost"
            size="icon"
            className="size-7 text-ink-faint"
            aria-label={`${isPinned ? 'Unpin' : 'Pin'} ${whose}`}
            title={isPinned ? 'Unpin' : 'Pin'}
            pending={pendingId === `pin-${messageId}`}
            onClick={() => onPin(messageId, !isPinned)}
          >
            {isPinned ? <PinOff aria-hidden className="size-3.5" /> : <Pin aria-hidden className="size-3.5" />}
          </Button>
        </>
      )}
      <LinkButton messageId={messageId} whose={whose} />
    </>
  );
}

function LinkButton({ messageId, whose }: { messageId: string; whose: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    const url = new URL(window.location.href);
    url.hash = messageAnchor(messageId);
    await navigator.clipboard.writeText(url.href);
    setCopied(true);
    setTimeout(() => setCopied(false), 1600);
  };
  return (
    <Button
      variant="ghost"
      size="icon"
      className={copied ? 'size-7 text-ok' : 'size-7 text-ink-faint'}
      aria-label={copied ? 'Link copied' : `Copy a link to ${whose}`}
      title={copied ? 'Link copied' : 'Copy a link'}
      onClick={() => void copy()}
    >
      <Link2 aria-hidden className="size-3.5" />
    </Button>
  );
}

/** What is marked with the mouse in this message, if anything is. */
function selectedIn(messageId: string): string | null {
  const selection = window.getSelection();
  const message = document.getElementById(messageAnchor(messageId));
  const text = selection?.toString().trim() ?? '';
  return text !== '' && message && selection?.anchorNode && message.contains(selection.anchorNode) ? text : null;
}
