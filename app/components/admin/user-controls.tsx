import { useState, type ReactNode } from 'react';
import type { AdminUser } from '#server/admin/contract.ts';
import { creditsOf, microOf } from '#app/components/admin/amounts.ts';
import { ChangeButton } from '#app/components/admin/change-button.tsx';
import { useModelName } from '#app/components/admin/model-name.tsx';
import { Section } from '#app/components/admin/section.tsx';
import { formatCredits } from '#app/components/format.ts';
import { Card } from '#app/components/ui/card.tsx';
import { Field } from '#app/components/ui/field.tsx';
import { Input, Select } from '#app/components/ui/input.tsx';

type Plan = { id: string; name: string; modelAliases: string[] };
type UserControlsProps = { user: AdminUser; plans: Plan[]; canChange: boolean };

const ROLES = {
  user: 'They lose the admin pages with their next request.',
  analyst: 'They see everything in the admin pages, of everybody, and change nothing.',
  owner: 'They see and change everything in the admin pages, other owners included.',
};

/** What an owner can change about an account, each with its own confirmation. */
export function UserControls({ user, plans, canChange }: UserControlsProps) {
  const nameOf = useModelName();
  const path = `/admin/users/${user.id}`;
  const [reason, setReason] = useState('');
  const [cap, setCap] = useState(user.monthlyCapMicroCredits === null ? '' : creditsOf(user.monthlyCapMicroCredits));
  const [role, setRole] = useState(user.role);
  const [plan, setPlan] = useState(user.plan ?? '');
  const [amount, setAmount] = useState('');
  const [asked, setAsked] = useState(false);
  const why = reason.trim() === '' ? {} : { reason: reason.trim() };
  const micro = microOf(amount);
  const capMicro = cap.trim() === '' ? null : microOf(cap);
  const capWrong = cap.trim() !== '' && (capMicro === null || capMicro.startsWith('-'));
  const amountWrong = asked && (micro === null || micro === '0');
  const reasonMissing = asked && reason.trim() === '';
  const chosen = plans.find(({ id }) => id === plan);
  return (
    <Section title="Controls">
      <Card className="divide-y divide-line">
        <div className="p-4">
          <Field
            label="Reason"
            hint="For the audit log. For credits it is required, and they see it beside the transaction."
            error={reasonMissing ? 'Write a reason first.' : undefined}
          >
            {(control) => (
              <Input
                {...control}
                value={reason}
                maxLength={500}
                disabled={!canChange}
                onChange={(event) => setReason(event.target.value)}
              />
            )}
          </Field>
        </div>
        <Row
          title={user.suspended ? 'Suspended' : 'Active'}
          text={
            user.suspended
              ? 'They can read and sign out, nothing else.'
              : 'They can send messages and change their rooms.'
          }
        >
          <ChangeButton
            verb={user.suspended ? 'Reactivate' : 'Suspend'}
            variant={user.suspended ? 'neutral' : 'danger'}
            title={`${user.suspended ? 'Reactivate' : 'Suspend'} ${user.email}?`}
            effect={
              user.suspended
                ? 'They can send messages again at once. Turns that were cancelled stay cancelled.'
                : 'At once: running turns are stopped, waiting ones cancelled, open streams closed, new messages refused. They can still read and sign out. Nothing is deleted.'
            }
            method="PATCH"
            path={path}
            body={{ suspended: !user.suspended, ...why }}
            disabled={!canChange}
          />
        </Row>
        <Row
          title="Credits"
          text={`The balance is ${formatCredits(user.balanceMicroCredits)}. A minus sign takes credits away.`}
        >
          <Field
            label="Credits to give"
            className="w-40"
            error={amountWrong ? 'Write an amount of credits, like 100 or −2.5.' : undefined}
          >
            {(control) => (
              <Input
                {...control}
                inputMode="decimal"
                value={amount}
                placeholder="100"
                disabled={!canChange}
                onChange={(event) => setAmount(event.target.value)}
              />
            )}
          </Field>
          <ChangeButton
            verb="Adjust credits"
            title={`Adjust the credits of ${user.email}?`}
            effect={
              micro === null
                ? ''
                : `${formatCredits(micro)} credits, for: ${reason.trim()}. The balance becomes ${formatCredits(BigInt(user.balanceMicroCredits) + BigInt(micro))}. It can’t be undone, only adjusted again.`
            }
            check={() => {
              const said = micro === null || micro === '0' || reason.trim() === '';
              setAsked(said);
              return said ? false : null;
            }}
            method="POST"
            path={`${path}/credits`}
            body={{ microCredits: micro ?? '0', reason: reason.trim() }}
            variant={micro?.startsWith('-') ? 'danger' : 'neutral'}
            disabled={!canChange}
            onDone={() => setAmount('')}
          />
        </Row>
        <Row
          title="Monthly cap"
          text={`${user.monthlyCapMicroCredits === null ? 'There is none.' : `It is ${formatCredits(user.monthlyCapMicroCredits)} credits.`} No message is accepted that could take a month’s spending above it.`}
        >
          <Field
            label="Cap in credits"
            className="w-40"
            error={capWrong ? 'Write an amount of credits, or nothing for no cap.' : undefined}
          >
            {(control) => (
              <Input
                {...control}
                inputMode="decimal"
                value={cap}
                placeholder="none"
                disabled={!canChange}
                onChange={(event) => setCap(event.target.value)}
              />
            )}
          </Field>
          <ChangeButton
            verb="Set cap"
            title={`Change the cap of ${user.email}?`}
            effect={
              capMicro === null
                ? 'They can spend whatever they have.'
                : `From the next message on they can spend at most ${formatCredits(capMicro)} credits a month.`
            }
            check={() => (capWrong ? false : null)}
            method="PATCH"
            path={path}
            body={{ monthlyCapMicroCredits: capMicro, ...why }}
            disabled={!canChange}
          />
        </Row>
        <Row
          title="Plan"
          text="Access to a plan’s models without a payment. Its credits are given above; a paid plan is changed in Stripe."
        >
          <Field label="Plan" className="w-40">
            {(control) => (
              <Select {...control} value={plan} disabled={!canChange} onChange={(event) => setPlan(event.target.value)}>
                <option value="">None</option>
                {plans.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <ChangeButton
            verb="Change plan"
            title={`Change the plan of ${user.email}?`}
            effect={
              chosen
                ? `From the next message on their agents may run on: ${chosen.modelAliases.map(nameOf).join(', ')}. No credits are given and nothing is charged.`
                : 'They keep what everybody has without a plan. Agents on other models are refused from the next message on.'
            }
            method="PATCH"
            path={path}
            body={{ plan: plan === '' ? null : plan, ...why }}
            disabled={!canChange || plan === (user.plan ?? '')}
          />
        </Row>
        <Row title="Role" text="Acts on their next request. The last active owner stays one.">
          <Field label="Role" className="w-40">
            {(control) => (
              <Select
                {...control}
                value={role}
                disabled={!canChange}
                onChange={(event) => setRole(event.target.value as AdminUser['role'])}
              >
                <option value="user">User</option>
                <option value="analyst">Analyst</option>
                <option value="owner">Owner</option>
              </Select>
            )}
          </Field>
          <ChangeButton
            verb="Change role"
            title={`Make ${user.email} ${role === 'user' ? 'an ordinary user' : `an ${role}`}?`}
            effect={ROLES[role]}
            method="PATCH"
            path={path}
            body={{ role, ...why }}
            disabled={!canChange || role === user.role}
          />
        </Row>
      </Card>
    </Section>
  );
}

function Row({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-start justify-between gap-x-8 gap-y-3 p-4">
      <div className="min-w-0 flex-1 basis-64">
        <h3 className="text-sm font-medium">{title}</h3>
        <p className="text-[13px] text-ink-soft">{text}</p>
      </div>
      <div className="flex flex-wrap items-end gap-2">{children}</div>
    </div>
  );
}
