type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** A PATCH without the fields that it leaves out, so that spreading it overwrites nothing with undefined. */
export function definedOnly<T extends object>(changes: T): Defined<T> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as Defined<T>;
}
