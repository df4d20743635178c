import { Form, useSubmit } from '@remix-run/react';
import type { ComponentProps } from 'react';
import { Button } from '#app/components/ui/button.tsx';
import { Field } from '#app/components/ui/field.tsx';

type FilterFormProps = Pick<ComponentProps<typeof Field>, 'label' | 'className' | 'children'> & {
  /** What stays in the address beside the filter. */
  kept?: Record<string, string>;
};

/** One choice that the page is loaded anew with, at once; with a button where scripts don't run. */
export function FilterForm({ kept = {}, ...field }: FilterFormProps) {
  const submit = useSubmit();
  return (
    <Form method="get" onChange={(event) => submit(event.currentTarget)}>
      {Object.entries(kept).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <Field {...field} />
      <noscript>
        <Button type="submit">Show</Button>
      </noscript>
    </Form>
  );
}
