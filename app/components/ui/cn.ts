import { clsx, type ClassValue } from 'clsx';
import { twMerge } from 'tailwind-merge';

// Makes its tables here, while the page’s files are run: with the first button they would hold up its waking on a phone.
twMerge('');

/** Class names in order; of two that set the same property the later wins. */
export function cn(...classes: ClassValue[]): string {
  return twMerge(clsx(classes));
}
