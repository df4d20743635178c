import { Fragment } from 'react';
import { WithCode } from '#app/components/reference/with-code.tsx';

/** Of `server/http/describe-api.ts`. */
type Shape = { type: (string | { ref: string })[]; fields: Field[] };
type Field = { name: string; required: boolean; description: string; shape: Shape };

/** A type in words; names in it lead to what they mean, further down on the page. */
export function TypeView({ type }: Pick<Shape, 'type'>) {
  return (
    <span className="text-[13px] text-ink-faint wrap-anywhere">
      {type.map((word, place) => (
        <Fragment key={place}>
          {typeof word === 'string' ? (
            word
          ) : (
            <a href={`#shape-${word.ref}`} className="text-accent underline underline-offset-3">
              {word.ref}
            </a>
          )}
        </Fragment>
      ))}
    </span>
  );
}

/** What an object holds, and what that holds, a line each. */
export function FieldList({ fields }: { fields: readonly Field[] }) {
  return (
    <ul className="divide-y divide-line">
      {fields.map(({ name, required, description, shape }, place) => (
        <li key={`${place}-${name}`} className="py-2">
          <p className="flex flex-wrap items-baseline gap-x-2.5">
            <code className="font-mono text-[13px] font-semibold wrap-anywhere">{name}</code>
            <TypeView type={shape.type} />
            {!required && <span className="text-xs text-ink-faint italic">optional</span>}
          </p>
          {description !== '' && (
            <p className="mt-0.5 text-[13px] text-ink-soft">
              <WithCode text={description} />
            </p>
          )}
          {shape.fields.length > 0 && (
            <div className="mt-1.5 ml-1 border-l-2 border-line pl-4">
              <FieldList fields={shape.fields} />
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}
