import { formatBytes } from '#app/components/files/describe-file.ts';
import type { Upload } from '#app/components/files/use-uploads.ts';

/** Where an upload stands, in words. */
export function uploadStatus({ state, progress, size, error }: Upload): string {
  switch (state) {
    case 'waiting':
      return `Waits for the others · ${formatBytes(size)}`;
    case 'sending':
      return progress >= 1 ? 'Checking…' : `${Math.floor(progress * 100)} % of ${formatBytes(size)}`;
    case 'paused':
      return `Connection lost at ${Math.floor(progress * 100)} %. It goes on by itself.`;
    case 'failed':
      return error ?? 'The upload failed.';
  }
}
