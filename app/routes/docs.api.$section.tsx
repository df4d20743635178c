import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Link, useLoaderData } from '@remix-run/react';
import { ArrowLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { pageProblem } from '#server/auth/require-user.ts';
import { shapesOf } from '#server/http/describe-api.ts';
import { notFound } from '#server/platform/errors.ts';
import { API_DOCUMENT, apiSections } from '#app/api-document.server.ts';
import { MethodMark } from '#app/components/reference/method-mark.tsx';
import { FieldList, TypeView } from '#app/components/reference/shape-view.tsx';
import { WithCode } from '#app/components/reference/with-code.tsx';

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.section.title ?? 'API'} · API reference · Pantheon` },
];

export function loader({ context, params }: LoaderFunctionArgs) {
  const section = apiSections().find(({ id }) => id === params['section']);
  if (!section) throw pageProblem(context, notFound());
  return { section, shapes: shapesOf(API_DOCUMENT, section.operations) };
}

type Operation = ReturnType<typeof useLoaderData<typeof loader>>['section']['operations'][number];

/** One part of the API: each request with what it takes and gives, then the shapes that they name. */
export default function ApiSectionPage() {
  const { section, shapes } = useLoaderData<typeof loader>();
  return (
    <>
      <Link
        to="/docs/api"
        className="mb-4 inline-flex items-center gap-1.5 text-sm text-ink-soft hover:text-ink lg:hidden pointer-coarse:min-h-11"
      >
        <ArrowLeft aria-hidden className="size-4" />
        All parts
      </Link>
      <h1 className="text-2xl font-semibold tracking-tight">{section.title}</h1>
      {section.operations.map((operation) => (
        <OperationView key={operation.id} operation={operation} />
      ))}
      {shapes.length > 0 && (
        <section aria-labelledby="shapes" className="mt-14">
          <h2 id="shapes" className="text-lg font-semibold tracking-tight">
            Shapes
          </h2>
          {shapes.map(({ name, description, shape }) => (
            <article key={name} id={`shape-${name}`} aria-label={name} className="mt-6 scroll-mt-20">
              <h3 className="font-mono text-sm font-semibold">{name}</h3>
              {description !== '' && (
                <p className="mt-1 text-[13px] text-ink-soft">
                  <WithCode text={description} />
                </p>
              )}
              <Box>
                {shape.fields.length > 0 ? <FieldList fields={shape.fields} /> : <TypeView type={shape.type} />}
              </Box>
            </article>
          ))}
        </section>
      )}
    </>
  );
}

function OperationView({ operation }: { operation: Operation }) {
  const { id, method, path, summary, isPublic, inPath, inQuery, inHeaders, body, answers, refusals } = operation;
  const given = [
    { title: 'In the address', fields: inPath },
    { title: 'Query', fields: inQuery },
    { title: 'Headers', fields: inHeaders },
  ].filter(({ fields }) => fields.length > 0);
  return (
    <article id={id} aria-labelledby={`${id}-title`} className="mt-8 scroll-mt-16 border-t border-line pt-8">
      <h2 id={`${id}-title`} className="text-base font-semibold tracking-tight text-pretty">
        <a href={`#${id}`} className="hover:underline">
          <WithCode text={summary} />
        </a>
      </h2>
      <p className="mt-2 flex items-baseline gap-2.5">
        <MethodMark method={method} />
        <code className="font-mono text-[13px] wrap-anywhere">{path}</code>
      </p>
      {isPublic && <p className="mt-2 text-[13px] text-ink-faint">For anyone, signed in or not.</p>}
      {given.map(({ title, fields }) => (
        <Part key={title} title={title}>
          <Box>
            <FieldList fields={fields} />
          </Box>
        </Part>
      ))}
      {body && (
        <Part title="Body">
          <Box>{body.fields.length > 0 ? <FieldList fields={body.fields} /> : <TypeView type={body.type} />}</Box>
        </Part>
      )}
      {answers.map(({ status, description, types }) => (
        <Part key={status} title={`Answer ${status}`}>
          <p className="text-[13px] text-ink-soft">{description}</p>
          {types.map(({ contentType, shape }) => (
            <Box key={contentType}>
              <p className="flex flex-wrap items-baseline gap-x-2.5 py-1.5">
                <code className="font-mono text-xs text-ink-faint">{contentType}</code>
                <TypeView type={shape.type} />
              </p>
              {shape.fields.length > 0 && <FieldList fields={shape.fields} />}
            </Box>
          ))}
        </Part>
      ))}
      {refusals.length > 0 && (
        <Part title="Refused with">
          <ul className="space-y-1 text-[13px] text-ink-soft">
            {refusals.map(({ status, description }) => (
              <li key={status} className="flex gap-2.5">
                <span className="font-mono text-xs leading-5 text-ink-faint">{status}</span>
                <span className="min-w-0">
                  <WithCode text={description} />
                </span>
              </li>
            ))}
          </ul>
        </Part>
      )}
    </article>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="mt-5">
      <h3 className="mb-1.5 text-xs font-medium text-ink-faint">{title}</h3>
      {children}
    </div>
  );
}

function Box({ children }: { children: ReactNode }) {
  return <div className="mt-2 rounded-xl border border-line bg-raised px-4 py-1.5">{children}</div>;
}
