import { redirect, type ActionFunctionArgs, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { Form, Link, useActionData, useLoaderData, useNavigation } from '@remix-run/react';
import { useState } from 'react';
import { addAgent } from '#server/agents/add-agent.ts';
import { ZCreateAgent } from '#server/agents/contract.ts';
import { requirePageUser } from '#server/auth/require-user.ts';
import { isAppError, statusOf } from '#server/platform/errors.ts';
import { ZCreateRoom } from '#server/rooms/contract.ts';
import { createRoom } from '#server/rooms/create-room.ts';
import { ErrorPage } from '#app/components/error-page.tsx';
import { MODE_INFO } from '#app/components/modes.ts';
import { ROOM_TEMPLATES, type RoomTemplate } from '#app/components/room-templates.ts';
import { PageBody, PageHeader } from '#app/components/shell.tsx';
import { TemplateAgents } from '#app/components/template-card.tsx';
import { Alert } from '#app/components/ui/alert.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { Field } from '#app/components/ui/field.tsx';
import { Input, Textarea } from '#app/components/ui/input.tsx';

export const handle = { shell: true };
export const meta: MetaFunction = () => [{ title: 'New room · Pantheon' }];

export async function loader({ context, request }: LoaderFunctionArgs) {
  await requirePageUser(context, request);
  return { template: new URL(request.url).searchParams.get('template') ?? '' };
}

type Refused = { problem: string | null; errors: Record<string, string> };

export async function action({ context, request }: ActionFunctionArgs) {
  const { app } = context;
  const { user } = await requirePageUser(context, request);
  const form = Object.fromEntries(await request.formData());
  const input = ZCreateRoom.safeParse(form);
  if (!input.success) {
    const errors = Object.fromEntries(input.error.issues.map(({ path, message }) => [path.join('.'), message]));
    return Response.json({ problem: null, errors } satisfies Refused, { status: 422 });
  }
  const template = ROOM_TEMPLATES.find(({ id }) => id === form['template']);
  try {
    const room = await createRoom(app, { userId: user.id, room: input.data, ...(template && { mode: template.mode }) });
    for (const agent of template?.agents ?? []) {
      await addAgent(app, { user, roomId: room.id, agent: ZCreateAgent.parse(agent) });
    }
    return redirect(`/rooms/${room.id}`);
  } catch (error) {
    if (!isAppError(error)) throw error;
    return Response.json({ problem: error.message, errors: {} } satisfies Refused, { status: statusOf(error.code) });
  }
}

export default function NewRoom() {
  const { template: asked } = useLoaderData<typeof loader>();
  const refused = useActionData<Refused>();
  const creating = useNavigation().state !== 'idle';
  const [chosen, setChosen] = useState(ROOM_TEMPLATES.find(({ id }) => id === asked)?.id ?? '');
  const template = ROOM_TEMPLATES.find(({ id }) => id === chosen);
  return (
    <>
      <PageHeader title="New room" />
      <PageBody className="max-w-2xl">
        <Form method="post" className="space-y-7" noValidate>
          <fieldset>
            <legend className="mb-2 text-sm font-medium">Start from</legend>
            <div className="grid gap-2 sm:grid-cols-2">
              <Choice value="" chosen={chosen} onChoose={setChosen} />
              {ROOM_TEMPLATES.map((each) => (
                <Choice key={each.id} value={each.id} template={each} chosen={chosen} onChoose={setChosen} />
              ))}
            </div>
          </fieldset>
          <Field label="Name" error={refused?.errors['name']}>
            {(control) => (
              <Input
                {...control}
                key={chosen}
                name="name"
                maxLength={120}
                defaultValue={template?.name ?? ''}
                placeholder="Research council"
                autoComplete="off"
              />
            )}
          </Field>
          <Field label="What it is for" aside="optional" error={refused?.errors['description']}>
            {(control) => (
              <Textarea
                {...control}
                key={chosen}
                name="description"
                rows={2}
                maxLength={2000}
                defaultValue={template?.description ?? ''}
              />
            )}
          </Field>
          {template && (
            <p className="text-[13px] text-ink-soft">
              Starts with {template.agents.length} agents in {MODE_INFO[template.mode].label.toLowerCase()} mode. You
              can change everything later.
            </p>
          )}
          {refused?.problem && <Alert tone="danger">{refused.problem}</Alert>}
          <div className="flex gap-2">
            <Button type="submit" variant="primary" pending={creating}>
              Create room
            </Button>
            <Button asChild variant="ghost">
              <Link to="/">Cancel</Link>
            </Button>
          </div>
        </Form>
      </PageBody>
    </>
  );
}

type ChoiceProps = { value: string; template?: RoomTemplate; chosen: string; onChoose: (value: string) => void };

function Choice({ value, template, chosen, onChoose }: ChoiceProps) {
  return (
    <label className="flex cursor-pointer gap-3 rounded-xl border border-line bg-raised p-3.5 transition-colors hover:border-line-strong has-checked:border-accent has-checked:bg-accent-soft/50 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent">
      <input
        type="radio"
        name="template"
        value={value}
        checked={chosen === value}
        onChange={() => onChoose(value)}
        className="mt-1 size-4 shrink-0 accent-(--accent) outline-none"
      />
      <span className="flex min-w-0 flex-col gap-1">
        <span className="text-sm font-medium">{template?.name ?? 'An empty room'}</span>
        <span className="text-[13px] leading-snug text-ink-soft">
          {template?.description ?? 'Add the agents yourself.'}
        </span>
        {template && <TemplateAgents template={template} />}
      </span>
    </label>
  );
}

export { ErrorPage as ErrorBoundary };
