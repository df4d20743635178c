import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Form, Link, useLoaderData } from '@remix-run/react';
import { ZUserFilter } from '#server/admin/contract.ts';
import { findUsers } from '#server/admin/users/find-users.ts';
import { requireAdminPage } from '#server/auth/require-user.ts';
import { Pager } from '#app/components/admin/pager.tsx';
import { Empty } from '#app/components/admin/section.tsx';
import { inWords } from '#app/components/admin/words.ts';
import { formatDay } from '#app/components/billing/dates.ts';
import { Table, Td, Th } from '#app/components/billing/table.tsx';
import { ErrorPage } from '#app/components/error-page.tsx';
import { formatCredits } from '#app/components/format.ts';
import { PageBody, PageHeader } from '#app/components/shell.tsx';
import { Badge } from '#app/components/ui/badge.tsx';
import { Button } from '#app/components/ui/button.tsx';
import { Field } from '#app/components/ui/field.tsx';
import { Input, Select } from '#app/components/ui/input.tsx';

export const handle = { shell: true };
export const meta: MetaFunction = () => [{ title: 'Users · Admin · Pantheon' }];

const LIMIT = 50;

export async function loader({ context, request }: LoaderFunctionArgs) {
  await requireAdminPage(context, request);
  const given = Object.fromEntries([...new URL(request.url).searchParams].filter(([, value]) => value !== ''));
  const filter = ZUserFilter.catch({}).parse(given);
  const page = await findUsers(context.app, { ...filter, limit: LIMIT, cursor: given['cursor'] });
  return { filter, page };
}

export default function UsersPage() {
  const { filter, page } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader title="Users" />
      <PageBody className="max-w-6xl space-y-6">
        <Form method="get" className="flex flex-wrap items-end gap-3">
          <Field label="Search" className="min-w-0 flex-1 basis-56">
            {(control) => (
              <Input
                {...control}
                type="search"
                name="q"
                defaultValue={filter.q ?? ''}
                placeholder="A part of the address"
              />
            )}
          </Field>
          <Field label="Role" className="w-36">
            {(control) => (
              <Select {...control} name="role" defaultValue={filter.role ?? ''}>
                <option value="">Any</option>
                <option value="user">User</option>
                <option value="analyst">Analyst</option>
                <option value="owner">Owner</option>
              </Select>
            )}
          </Field>
          <Field label="State" className="w-36">
            {(control) => (
              <Select {...control} name="suspended" defaultValue={filter.suspended ?? ''}>
                <option value="">Any</option>
                <option value="false">Active</option>
                <option value="true">Suspended</option>
              </Select>
            )}
          </Field>
          <Button type="submit" className="h-10">
            Search
          </Button>
        </Form>
        {page.items.length === 0 ? (
          <Empty>Nobody matches.</Empty>
        ) : (
          <div>
            <Table
              caption="Users, the newest first"
              head={
                <>
                  <Th>E-mail</Th>
                  <Th>Plan</Th>
                  <Th numeric>Balance</Th>
                  <Th numeric>Monthly cap</Th>
                  <Th>Last seen</Th>
                  <Th>Since</Th>
                </>
              }
            >
              {page.items.map((user) => (
                <tr key={user.id}>
                  <Td>
                    <Link
                      to={`/admin/users/${user.id}`}
                      className="font-medium text-accent-strong underline underline-offset-2"
                    >
                      {user.email}
                    </Link>{' '}
                    {user.role !== 'user' && <Badge tone="accent">{user.role}</Badge>}{' '}
                    {user.suspended && <Badge tone="danger">suspended</Badge>}
                  </Td>
                  <Td>{user.plan === null ? '–' : inWords(user.plan)}</Td>
                  <Td numeric>{formatCredits(user.balanceMicroCredits)}</Td>
                  <Td numeric>
                    {user.monthlyCapMicroCredits === null ? '–' : formatCredits(user.monthlyCapMicroCredits)}
                  </Td>
                  <Td className="whitespace-nowrap">{user.lastSeenAt ? formatDay(user.lastSeenAt) : 'Never'}</Td>
                  <Td className="whitespace-nowrap">{formatDay(user.createdAt)}</Td>
                </tr>
              ))}
            </Table>
            <Pager nextCursor={page.nextCursor} />
          </div>
        )}
      </PageBody>
    </>
  );
}

export { ErrorPage as ErrorBoundary };
