import { ArrowDown } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { Turn } from '#server/turns/contract.ts';
import { Button } from '#app/components/ui/button.tsx';
import type { TurnView } from '#app/timeline/reduce.ts';
import { TurnItem } from '#app/timeline/turn-item.tsx';
import { useMessageLink } from '#app/timeline/use-message-link.ts';
import { useOlderOnScroll } from '#app/timeline/use-older-on-scroll.ts';
import { LeaveEnd, useStayAtEnd } from '#app/timeline/use-stay-at-end.ts';

/**
 * Characters: so much of the newest text is laid out even where it isn’t seen. What a page begins with must not grow under the
 * reader, and what is laid out is what a phone works on before it shows anything.
 */
const LAID_OUT = 2_000;
/**
 * What is laid out, and followed by so much text that it is windows away, is left alone from then on. Any sooner it would be laid
 * out twice more, and move what is read.
 */
const WINDOWS_AWAY = 40_000;
/** What stands around a text takes the place of so many characters of it. */
const HEAD_AND_FOOT = 150;

type TimelineProps = {
  views: readonly TurnView[];
  announcement: string;
  /** Of the message that was just sent from here: it comes into view wherever one was reading. */
  sentId: string | null;
  /** What to show while nothing was said. */
  empty: ReactNode;
  onOlder: (() => void) | null;
  loadingOlder: boolean;
};

/** The conversation. It stays at the bottom only while the reader is there. */
export function Timeline({ views, announcement, sentId, empty, onOlder, loadingOlder }: TimelineProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const { atEnd, goToEnd, leaveEnd } = useStayAtEnd(scroller, content);
  const older = useRef<HTMLDivElement>(null);
  useOlderOnScroll(scroller, older, views[0]?.turn.id ?? null, loadingOlder ? null : onOlder);
  useMessageLink(views.length, loadingOlder ? null : onOlder, leaveEnd);
  useEffect(() => {
    if (sentId !== null) goToEnd();
  }, [sentId, goToEnd]);
  const queued = views.filter(({ turn }) => turn.status === 'queued');
  const laidOut = useLaidOutFrom(views);
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        data-timeline
        tabIndex={0}
        role="region"
        aria-label="Conversation"
        className="@container h-full overflow-y-auto overscroll-contain print:overflow-visible focus-visible:outline-offset-[-2px]"
      >
        <div ref={content} className="min-h-full w-full pt-6 pb-16">
          {onOlder && (
            <div ref={older} className="mb-6 flex justify-center">
              <Button size="sm" variant="ghost" pending={loadingOlder} onClick={onOlder}>
                Show earlier messages
              </Button>
              <p className="hidden text-xs text-ink-faint print:block">
                Earlier messages are missing here. “Print” in the menu at the top right prints all of them.
              </p>
            </div>
          )}
          {views.length === 0 ? (
            <div className="mx-auto max-w-[50rem] px-4 sm:px-6">{empty}</div>
          ) : (
            <LeaveEnd.Provider value={leaveEnd}>
              <div className="space-y-9">
                {views.map((view, index) => (
                  <TurnItem key={view.turn.id} view={view} place={queued.indexOf(view)} laidOut={index >= laidOut} />
                ))}
              </div>
            </LeaveEnd.Provider>
          )}
        </div>
      </div>
      {!atEnd && views.length > 0 && (
        <Button
          size="sm"
          className="absolute bottom-16 left-1/2 -translate-x-1/2 rounded-full shadow-pop"
          onClick={goToEnd}
        >
          <ArrowDown aria-hidden className="size-3.5" />
          Latest
        </Button>
      )}
      <p role="status" data-testid="announcement" className="sr-only">
        {announcement}
      </p>
    </div>
  );
}

/** The place of the first turn that is laid out also where it isn’t seen. */
function useLaidOutFrom(views: readonly TurnView[]): number {
  const [begunWith] = useState(() => views[Math.max(lastWith(views, LAID_OUT), 0)]?.turn.id);
  const begun = views.findIndex(({ turn }) => turn.id === begunWith);
  return Math.max(begun === -1 ? lastWith(views, LAID_OUT) : begun, lastWith(views, WINDOWS_AWAY));
}

/** The place of the last turn from which there is so much text. */
function lastWith(views: readonly TurnView[], characters: number): number {
  let length = 0;
  return views.findLastIndex(({ turn }) => (length += lengthOf(turn)) >= characters);
}

function lengthOf({ message, steps }: Turn): number {
  return steps.reduce((sum, { content }) => sum + HEAD_AND_FOOT + content.length, HEAD_AND_FOOT + message.length);
}
