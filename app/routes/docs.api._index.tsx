import { Link, useLoaderData } from '@remix-run/react';
import { introductionOf } from '#server/http/describe-api.ts';
import { API_DOCUMENT, apiSections } from '#app/api-document.server.ts';
import { MethodMark } from '#app/components/reference/method-mark.tsx';
import { WithCode } from '#app/components/reference/with-code.tsx';

export function loader() {
  const sections = apiSections().map(({ operations, ...section }) => ({
    ...section,
    operations: operations.map(({ id, method, path, summary }) => ({ id, method, path, summary })),
  }));
  return { introduction: introductionOf(API_DOCUMENT), sections };
}

/** Every request that there is, a line each. */
export default function ApiOverview() {
  const { introduction, sections } = useLoaderData<typeof loader>();
  return (
    <>
      <h1 className="text-2xl font-semibold tracking-tight">API reference</h1>
      <div className="mt-3 max-w-prose space-y-3 text-[15px] leading-relaxed text-ink-soft">
        {introduction.map((paragraph) => (
          <p key={paragraph}>
            <WithCode text={paragraph} />
          </p>
        ))}
        <p>
          A program signs in with a key from{' '}
          <Link to="/settings/api-keys" className="text-accent underline underline-offset-3">
            Settings
          </Link>
          , sent as <code className="font-mono text-[0.9em]">Authorization: Bearer …</code>. What each code of a refusal
          means stands under{' '}
          <Link to="/docs/problems" className="text-accent underline underline-offset-3">
            Problems
          </Link>
          .
        </p>
      </div>
      {sections.map(({ id, title, operations }) => (
        <section key={id} aria-labelledby={id} className="mt-10">
          <h2 id={id} className="text-base font-semibold tracking-tight">
            <Link to={`/docs/api/${id}`} className="hover:underline">
              {title}
            </Link>
          </h2>
          <ul className="mt-3 divide-y divide-line rounded-2xl border border-line bg-raised shadow-xs">
            {operations.map(({ id: name, method, path, summary }) => (
              <li key={name}>
                <Link
                  to={`/docs/api/${id}#${name}`}
                  className="flex items-baseline gap-3 px-4 py-2.5 first:rounded-t-2xl last:rounded-b-2xl hover:bg-hover"
                >
                  <MethodMark method={method} />
                  <span className="min-w-0">
                    <code className="block font-mono text-[13px] wrap-anywhere">{path}</code>
                    <span className="block text-[13px] text-ink-soft">
                      <WithCode text={summary} />
                    </span>
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}
