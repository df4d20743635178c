import { Link } from '@remix-run/react';
import { ArrowUp } from 'lucide-react';
import { forwardRef, memo, useEffect, useImperativeHandle, useRef, type KeyboardEvent, type ReactNode } from 'react';
import type { Agent } from '#server/agents/contract.ts';
import type { ApiProblem } from '#app/components/api.ts';
import type { AgentLook } from '#app/components/agent-look.ts';
import { AttachButton } from '#app/components/files/attach-button.tsx';
import { useFiles } from '#app/components/files/files-context.tsx';
import { useAttachments } from '#app/components/files/use-attachments.ts';
import { completeMention } from '#app/components/mention.ts';
import { MentionList } from '#app/components/mention-list.tsx';
import { Alert } from '#app/components/ui/alert.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { onDemand } from '#app/components/ui/on-demand.tsx';
import { Spinner } from '#app/components/ui/spinner.tsx';
import { useDraft } from '#app/components/use-draft.ts';
import { useMentions } from '#app/components/use-mentions.ts';
import { useSentHistory, type OlderTurns } from '#app/components/use-sent-history.ts';
import { writeText } from '#app/components/write-text.ts';

const AttachedFiles = onDemand(async () => (await import('#app/components/files/attached-files.tsx')).AttachedFiles);

const FETCHING_OLDER = 'Fetching what you sent before…';

/** Most browsers make a field as high as its text; in the others it grows with each line that is begun. */
const SIZES_ITSELF = typeof CSS !== 'undefined' && CSS.supports('field-sizing', 'content');
const MOST_ROWS = 12;

type ComposerProps = {
  conversationId: string;
  placeholder: string;
  /** Who can be tagged; null where tags mean nothing. */
  mentionable: readonly Agent[] | null;
  looks: ReadonlyMap<string, AgentLook>;
  /** What was sent before, oldest first. */
  sent: readonly string[];
  /** Where what was sent before that is. */
  older: OlderTurns;
  /** Who will answer what is written. */
  hint: (text: string) => ReactNode;
  /** Something runs, so a send waits for it. */
  busy: boolean;
  sending: boolean;
  problem: ApiProblem | null;
  onEdit: () => void;
  /** True when the server has the message. */
  onSend: (text: string, fileIds: string[]) => Promise<boolean>;
};

export type ComposerHandle = {
  /** Puts words in front of what is being written. */
  insert: (words: string) => void;
  /** Gives back what was not sent after all, unless something else is being written. */
  giveBack: (message: string) => void;
};

/**
 * Where a message is written. Enter sends, Shift+Enter breaks the line; on touch screens Enter breaks it too. What
 * it is given must not change with every word of a running turn: it would be drawn with each.
 */
export const Composer = memo(
  forwardRef<ComposerHandle, ComposerProps>(function Composer(props, handle) {
    const {
      conversationId,
      placeholder,
      mentionable,
      looks,
      sent,
      older,
      hint,
      busy,
      sending,
      problem,
      onEdit,
      onSend,
    } = props;
    const textarea = useRef<HTMLTextAreaElement>(null);
    const [text, setText] = useDraft(conversationId, textarea);
    const change = (next: string) => {
      setText(next);
      if (problem) onEdit();
    };
    const mentions = useMentions({ agents: mentionable, text, onText: change, textarea });
    const history = useSentHistory(sent, text, change, older);
    useImperativeHandle(handle, () => ({
      insert: (words) => {
        const next = words + text;
        writeText(textarea, next.length, () => change(next));
      },
      giveBack: (message) => {
        if (text === '') change(message);
      },
    }));
    const blank = text.trim() === '';
    const attachments = useAttachments();
    const written = useRef(text);
    useEffect(() => {
      written.current = text;
    }, [text]);

    async function submit() {
      if (blank || sending || attachments.waitsFor !== null) return;
      if (await onSend(text, attachments.readyIds())) {
        // Who went on writing meanwhile keeps what came after.
        setText(written.current.startsWith(text) ? written.current.slice(text.length).trimStart() : written.current);
        attachments.clear();
      }
      textarea.current?.focus();
    }

    function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
      if (
        mentions.onKeyDown(event) ||
        history.onKeyDown(event) ||
        event.key !== 'Enter' ||
        event.shiftKey ||
        event.nativeEvent.isComposing
      )
        return;
      if (window.matchMedia('(pointer: coarse)').matches && !event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      void submit();
    }

    function tag(name: string) {
      const done = completeMention(text, 0, { start: 0, query: '' }, name);
      writeText(textarea, done.text.length, () => change(done.text));
    }

    return (
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
        className="relative"
      >
        <MentionList mentions={mentions} looks={looks} />
        <div className="rounded-2xl border border-line-strong bg-raised shadow-xs transition-colors focus-within:border-accent focus-within:ring-3 focus-within:ring-accent/15">
          <Attached />
          <textarea
            {...mentions.textareaProps}
            ref={textarea}
            onPaste={(event) => {
              if (event.clipboardData.files.length === 0 || event.clipboardData.types.includes('text/plain')) return;
              event.preventDefault();
              attachments.paste(event.clipboardData.files);
            }}
            onKeyDown={onKeyDown}
            name="message"
            value={text}
            rows={SIZES_ITSELF ? 1 : Math.min(text.split('\n').length, MOST_ROWS)}
            maxLength={100_000}
            placeholder={placeholder}
            aria-label="Message"
            aria-describedby="composer-hint"
            aria-invalid={problem ? true : undefined}
            enterKeyHint="enter"
            className="block field-sizing-content max-h-[calc(12lh+var(--spacing)*4.5)] w-full resize-none bg-transparent px-4 pt-3.5 pb-1 text-[15px] leading-relaxed outline-none placeholder:text-ink-faint pointer-coarse:text-base"
          />
          <div className="flex min-h-11 items-center gap-2 py-1.5 pr-2 pl-4">
            <AttachButton />
            <div id="composer-hint" className="min-w-0 flex-1 text-[13px] text-ink-faint">
              {history.fetching ? (
                <span className="flex items-center gap-2">
                  <Spinner className="size-3.5 text-accent" />
                  {FETCHING_OLDER}
                </span>
              ) : attachments.waitsFor === null ? (
                hint(text)
              ) : (
                <span className="block truncate">{attachments.waitsFor}</span>
              )}
            </div>
            <p role="status" className="sr-only">
              {history.fetching && FETCHING_OLDER}
            </p>
            <Button
              type="submit"
              variant="primary"
              size="icon"
              className="rounded-full"
              disabled={blank || attachments.waitsFor !== null}
              pending={sending}
              aria-label={busy ? 'Send: it waits for the turn that runs' : 'Send'}
            >
              {!sending && <ArrowUp aria-hidden className="size-4.5" />}
            </Button>
          </div>
        </div>
        {problem && <SendProblem problem={problem} onTag={tag} />}
      </form>
    );
  }),
);

function SendProblem({ problem, onTag }: { problem: ApiProblem; onTag: (name: string) => void }) {
  const { candidates } = problem.document;
  const names = Array.isArray(candidates) ? candidates.filter((name): name is string => typeof name === 'string') : [];
  return (
    <Alert tone={problem.status === 0 ? 'warn' : 'danger'} className="mt-2">
      <p className="text-ink">{problem.message}</p>
      {problem.status === 0 && <p>Your message is kept here. Send it again when you are back.</p>}
      {problem.code === 'insufficient_credits' && (
        <Button asChild size="sm" className="mt-2">
          <Link to="/billing">Get credits</Link>
        </Button>
      )}
      {problem.code === 'no_valid_tags' && names.length > 0 && (
        <div className="mt-2 flex flex-wrap gap-1.5">
          {names.slice(0, 6).map((name) => (
            <Button key={name} size="sm" onClick={() => onTag(name)}>
              @{name}
            </Button>
          ))}
        </div>
      )}
    </Alert>
  );
}

function Attached() {
  const { uploads, attachedIds } = useFiles();
  return (attachedIds.length > 0 || uploads.some(({ attach }) => attach)) && <AttachedFiles />;
}
