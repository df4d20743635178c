import { Alert } from '#app/components/ui/alert.tsx';

/** Why nothing on this page can be changed by this person. */
export function ReadOnlyNote({ canChange }: { canChange: boolean }) {
  if (canChange) return null;
  return <Alert title="You can look at everything here">Changes are made by owners.</Alert>;
}
