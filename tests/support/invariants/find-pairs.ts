/** As many pairs as can be made, each of the left with at most one of the right (augmenting paths), and who is left over. */
export function findPairs<L, R>(
  left: L[],
  right: R[],
  fits: (left: L, right: R) => boolean,
): { pairs: [L, R][]; left: L[]; right: R[] } {
  const partnerOf = new Map<R, L>();
  const choices = new Map(left.map((one) => [one, right.filter((other) => fits(one, other))]));

  function place(one: L, tried: Set<R>): boolean {
    for (const other of choices.get(one) ?? []) {
      if (tried.has(other)) continue;
      tried.add(other);
      const rival = partnerOf.get(other);
      if (rival !== undefined && !place(rival, tried)) continue;
      partnerOf.set(other, one);
      return true;
    }
    return false;
  }

  const alone = left.filter((one) => !place(one, new Set()));
  return {
    pairs: [...partnerOf].map(([other, one]) => [one, other]),
    left: alone,
    right: right.filter((other) => !partnerOf.has(other)),
  };
}
