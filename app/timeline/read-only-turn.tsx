import { AgentMark } from '#app/components/agent-mark.tsx';
import { CitationsProvider } from '#app/components/citations/citations-context.ts';
import { Markdown } from '#app/components/markdown.tsx';
import type { ReadableTurn } from '#app/timeline/readable-turns.ts';
import { Sources } from '#app/timeline/sources.tsx';

/** A turn behind a link, and on paper. */
export function ReadOnlyTurn({ turn }: { turn: ReadableTurn }) {
  return (
    <section aria-label={turn.message?.slice(0, 80) ?? 'Replies'} className="space-y-7">
      {turn.message !== null && (
        <p className="ml-auto w-fit max-w-[min(100%,38rem)] rounded-2xl rounded-br-md bg-accent-soft px-4 py-2.5 text-[15px] leading-relaxed break-words whitespace-pre-wrap">
          {turn.message}
        </p>
      )}
      {turn.replies.map(({ id, role, agentName, look, content, sources }) => (
        <article key={id} aria-label={agentName ?? 'The manager'} className="gap-3 sm:flex">
          <AgentMark look={look} className="mt-0.5 max-sm:hidden" />
          <div className="min-w-0 flex-1">
            <h2 className="mb-1.5 flex items-center gap-2 text-sm font-semibold tracking-tight">
              <AgentMark look={look} size="sm" className="sm:hidden" />
              {role === 'synthesis' ? `${agentName ?? 'The manager'}’s summary` : agentName}
            </h2>
            <CitationsProvider value={new Map(sources.map((source) => [source.number, source]))}>
              <Markdown text={content} />
              <Sources citations={sources} />
            </CitationsProvider>
          </div>
        </article>
      ))}
    </section>
  );
}
