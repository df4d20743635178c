import { callApi } from '#app/components/api.ts';
import { requestKey } from '#app/components/request-key.ts';
import { useAction } from '#app/components/use-action.ts';
import { Alert } from '#app/components/ui/alert.tsx';
import { Button, type ButtonProps } from '#app/components/ui/button.tsx';

type BuyButtonProps = {
  path: '/billing/checkout' | '/billing/portal';
  body?: { plan: string } | { topUp: string };
  children: string;
  disabled?: boolean;
  variant?: ButtonProps['variant'];
  className?: string;
};

/** Asks for a page of the payment provider and goes there. */
export function BuyButton({ path, body, children, disabled = false, variant = 'neutral', className }: BuyButtonProps) {
  const { pending, problem, run } = useAction();
  const press = () =>
    run(children, async () => {
      const headers = { 'Idempotency-Key': requestKey() };
      const { url } = await callApi<{ url: string }>('POST', path, { ...(body ? { body } : {}), headers });
      window.location.assign(url);
    });
  return (
    <>
      <Button
        pending={pending !== null}
        disabled={disabled}
        variant={variant}
        className={className}
        onClick={() => void press()}
      >
        {children}
      </Button>
      {problem && (
        <Alert tone="danger" className="mt-2">
          {problem.message}
        </Alert>
      )}
    </>
  );
}
