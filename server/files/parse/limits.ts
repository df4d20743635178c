/** What one file may take while it is read. A file that wants more ends as failed, with the reason. */
export const LIMITS = {
  wallMs: 20_000,
  cpuSeconds: 20,
  residentBytes: 512 * 1024 * 1024,
  heapMegabytes: 320,
  textBytes: 2 * 1024 * 1024,
  /** The text as JSON, with what is said about it. */
  outputBytes: 6 * 1024 * 1024,
  zipEntries: 2_000,
  unpackedBytes: 50 * 1024 * 1024,
  /** Unpacked to packed, of one entry of some size. */
  ratio: 100,
  pageCharacters: 100_000,
  pages: 2_000,
} as const;

/** A page-equivalent of what has no pages. */
export const SECTION_CHARACTERS = 3_000;
