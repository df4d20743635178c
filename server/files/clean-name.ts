const MAX_CHARACTERS = 150;

/**
 * A file's name as it may be shown, stored and offered for download: no folders, no control characters, nothing invisible
 * that turns the reading direction (“cod.‮fdp” reads “cod.pdf”), of bearable length with its ending kept. Empty when nothing
 * is left.
 */
export function cleanName(given: string): string {
  const last = given.normalize('NFC').toWellFormed().split(/[/\\]/).at(-1) ?? '';
  const visible = last
    .replace(/[\p{Cc}\u2028\u2029]/gu, '')
    .replace(/\p{Cf}|\p{Co}|\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(/^\.+/, '');
  const letters = Array.from(visible);
  if (letters.length <= MAX_CHARACTERS) return visible;
  const dot = letters.lastIndexOf('.');
  const ending = dot > 0 && letters.length - dot <= 12 ? letters.slice(dot) : [];
  return [...letters.slice(0, MAX_CHARACTERS - ending.length - 1), '…', ...ending].join('');
}
