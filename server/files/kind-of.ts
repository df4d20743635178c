import { FILE_KINDS, type FileKind } from '#server/files/contract.ts';
import { AppError } from '#server/platform/errors.ts';

/** What a file claims to be, by its ending and by its declared type. Throws unsupported_file_type where they disagree. */
export function kindOf(name: string, declaredType: string): FileKind {
  const ending = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  if (!isKind(ending)) {
    throw new AppError(
      'unsupported_file_type',
      `Only PDF, DOCX, TXT, MD and CSV files can be read${ending === '' ? '' : `, not .${ending}`}.`,
    );
  }
  const declared = declaredType.split(';')[0]?.trim().toLowerCase() ?? '';
  const { mimeType, also } = FILE_KINDS[ending];
  // A browser that doesn't know the ending declares nothing.
  if (declared === '' || declared === mimeType || (also as readonly string[]).includes(declared)) return ending;
  throw new AppError('unsupported_file_type', `A .${ending} file can’t be of the type ${declared}.`);
}

/** The kind of a stored file, by its stored type. */
export function kindOfStored(mimeType: string): FileKind {
  const found = Object.entries(FILE_KINDS).find(([, kind]) => kind.mimeType === mimeType)?.[0];
  if (found === undefined || !isKind(found)) throw new Error('A file is stored under a type that none has.');
  return found;
}

function isKind(ending: string): ending is FileKind {
  return Object.hasOwn(FILE_KINDS, ending);
}
