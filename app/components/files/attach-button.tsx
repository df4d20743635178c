import { Paperclip } from 'lucide-react';
import { useRef, type RefObject } from 'react';
import { useFilesActions } from '#app/components/files/files-context.tsx';
import { Button } from '#app/components/ui/button.tsx';

/** The endings that are read; the server has the last word. */
const ACCEPTED = '.pdf,.docx,.txt,.md,.csv';

/** Chooses files that go with the message. */
export function AttachButton() {
  const { add } = useFilesActions();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button
        variant="ghost"
        size="icon"
        className="-ml-2 rounded-full"
        aria-label="Attach files"
        title="Attach files: PDF, DOCX, TXT, MD, CSV, up to 10 MB"
        onClick={() => input.current?.click()}
      >
        <Paperclip aria-hidden className="size-4.5" />
      </Button>
      <FilesInput inputRef={input} onFiles={(files) => add(files, true)} />
    </>
  );
}

export function FilesInput({
  inputRef,
  onFiles,
}: {
  inputRef: RefObject<HTMLInputElement>;
  onFiles: (files: File[]) => void;
}) {
  return (
    <input
      ref={inputRef}
      type="file"
      multiple
      accept={ACCEPTED}
      tabIndex={-1}
      aria-hidden
      hidden
      onChange={({ currentTarget }) => {
        onFiles([...(currentTarget.files ?? [])]);
        currentTarget.value = '';
      }}
    />
  );
}
