import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Form, Link, useLoaderData, useNavigation } from '@remix-run/react';
import { Search } from 'lucide-react';
import { z } from 'zod';
import { pageProblem, requirePageUser } from '#server/auth/require-user.ts';
import { isAppError } from '#server/platform/errors.ts';
import { ZSearchText, type SearchHit } from '#server/search/contract.ts';
import { searchMessages } from '#server/search/search-messages.ts';
import { ErrorPage } from '#app/components/error-page.tsx';
import { formatAge } from '#app/components/format.ts';
import { PageBody, PageHeader } from '#app/components/shell.tsx';
import { hitPath, speakerOf } from '#app/components/switcher/hit-path.ts';
import { Snippet } from '#app/components/switcher/snippet.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { Input } from '#app/components/ui/input.tsx';

export const handle = { shell: true };
export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data?.q ? `${data.q} · Search · Pantheon` : 'Search · Pantheon' },
];

const SHOWN = 30;

export async function loader({ context, request }: LoaderFunctionArgs) {
  const { user } = await requirePageUser(context, request);
  const { searchParams } = new URL(request.url);
  const q = ZSearchText.catch('').parse(searchParams.get('q')?.slice(0, 200) ?? '');
  const conversationId = z
    .uuid()
    .optional()
    .catch(undefined)
    .parse(searchParams.get('in') ?? undefined);
  const cursor = searchParams.get('cursor') ?? undefined;
  const base = { q, conversationId, now: Date.now() };
  if (q === '') return { ...base, items: [], nextCursor: null };
  try {
    return {
      ...base,
      ...(await searchMessages(context.app, { userId: user.id, q, conversationId, cursor, limit: SHOWN })),
    };
  } catch (error) {
    throw isAppError(error) ? pageProblem(context, error) : error;
  }
}

export default function SearchPage() {
  const { q, conversationId, items, nextCursor, now } = useLoaderData<typeof loader>();
  const searching = useNavigation().location?.pathname === '/search';
  const where = conversationId ? items[0]?.conversationName : null;
  const more = new URLSearchParams({ q, ...(conversationId ? { in: conversationId } : {}), cursor: nextCursor ?? '' });
  return (
    <>
      <PageHeader title="Search" />
      <PageBody className="max-w-3xl">
        <Form method="get" role="search" className="flex gap-2">
          <Input
            key={q}
            name="q"
            type="search"
            aria-label="Search all messages"
            placeholder="Words that were said"
            defaultValue={q}
            maxLength={200}
            autoFocus={q === ''}
            enterKeyHint="search"
          />
          {conversationId && <input type="hidden" name="in" value={conversationId} />}
          <Button type="submit" variant="primary" className="h-10" pending={searching}>
            Search
          </Button>
        </Form>
        {where && (
          <p className="mt-3 text-sm text-ink-soft">
            In {where}.{' '}
            <Link
              to={`/search?${new URLSearchParams({ q }).toString()}`}
              className="text-accent underline underline-offset-3"
            >
              Search everywhere
            </Link>
          </p>
        )}
        {q === '' ? (
          <Empty text="All your rooms and direct chats are searched. Put a phrase in “quotes”, leave a word out with a minus." />
        ) : items.length === 0 ? (
          <Empty text={`Nobody said “${q}”.`} />
        ) : (
          <>
            <h2 className="sr-only">Results, newest first</h2>
            <ul className="mt-6 divide-y divide-line rounded-2xl border border-line bg-raised">
              {items.map((hit) => (
                <Hit key={hit.messageId} hit={hit} now={now} />
              ))}
            </ul>
            {nextCursor && (
              <Button asChild className="mt-4">
                <Link to={`/search?${more.toString()}`}>Older results</Link>
              </Button>
            )}
          </>
        )}
      </PageBody>
    </>
  );
}

function Hit({ hit, now }: { hit: SearchHit; now: number }) {
  return (
    <li>
      <Link to={hitPath(hit)} className="block px-4 py-3 first:rounded-t-2xl hover:bg-hover">
        <span className="flex items-baseline gap-2 text-sm">
          <span className="truncate font-medium">{speakerOf(hit)}</span>
          <span className="min-w-0 flex-1 truncate text-[13px] text-ink-faint">in {hit.conversationName}</span>
          <span className="shrink-0 text-xs text-ink-faint">{formatAge(hit.createdAt, now)}</span>
        </span>
        <span className="mt-0.5 line-clamp-3 text-sm leading-relaxed text-ink-soft">
          <Snippet parts={hit.snippet} />
        </span>
      </Link>
    </li>
  );
}

function Empty({ text }: { text: string }) {
  return (
    <div className="mt-6 rounded-2xl border border-dashed border-line-strong px-6 py-12 text-center">
      <Search aria-hidden className="mx-auto size-6 text-ink-faint" />
      <p className="mx-auto mt-3 max-w-md text-sm text-ink-soft">{text}</p>
    </div>
  );
}

export { ErrorPage as ErrorBoundary };
