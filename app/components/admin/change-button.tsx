import { useState, type ReactNode } from 'react';
import { callApi } from '#app/components/api.ts';
import { requestKey } from '#app/components/request-key.ts';
import { Alert } from '#app/components/ui/alert.tsx';
import { Button, type ButtonProps } from '#app/components/ui/button.tsx';
import { Confirm } from '#app/components/ui/confirm.tsx';
import { useAction } from '#app/components/use-action.ts';
import { useReload } from '#app/components/use-reload.ts';

type ChangeButtonProps = {
  /** On the button, and on the one that confirms: a verb. */
  verb: string;
  title: string;
  /** What will be different afterwards. */
  effect: ReactNode;
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  body?: unknown;
  /** Looked at before anybody is asked: a sentence says what is missing, false that it is said at its field. */
  check?: () => string | false | null;
  disabled?: boolean;
  variant?: ButtonProps['variant'];
  size?: ButtonProps['size'];
  label?: string;
  onDone?: (answer: unknown) => void;
};

/** An owner's change: asks with a summary of its effect, calls the API, shows what came of it. */
export function ChangeButton(props: ChangeButtonProps) {
  const { verb, title, effect, method, path, body, check, onDone, disabled = false, variant = 'neutral' } = props;
  const [open, setOpen] = useState(false);
  const [missing, setMissing] = useState<string | null>(null);
  const { pending, problem, run } = useAction();
  const reload = useReload();
  const press = () => {
    const said = check?.() ?? null;
    setMissing(said === false ? null : said);
    setOpen(said === null);
  };
  const confirm = () =>
    run(verb, async () => {
      const headers = { 'Idempotency-Key': requestKey() };
      const answer = await callApi(method, path, { ...(body === undefined ? {} : { body }), headers });
      onDone?.(answer);
      reload();
    });
  const told = missing ?? problem?.message ?? null;
  return (
    <>
      <Button
        variant={variant}
        size={props.size ?? 'md'}
        className={props.size ? undefined : 'h-10'}
        disabled={disabled}
        pending={pending !== null}
        onClick={press}
        {...(props.label ? { 'aria-label': props.label } : {})}
      >
        {verb}
      </Button>
      {told && (
        <Alert tone="danger" className="w-full">
          {told}
        </Alert>
      )}
      <Confirm
        open={open}
        onOpenChange={setOpen}
        title={title}
        verb={verb}
        variant={variant === 'danger' || method === 'DELETE' ? 'danger' : 'primary'}
        onConfirm={() => void confirm()}
      >
        {effect}
      </Confirm>
    </>
  );
}
