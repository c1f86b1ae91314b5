// The order of rows that a person reads: they keep their place, new ones come at the foot, priority 1 is pinned on top.
export interface Placed {
  key: string;
  priority: number;
  since: number;
}

/** The order from now on, given the one before; at first sight the more urgent first, the older before the newer. */
export function keepOrder(before: readonly string[], placed: readonly Placed[]): string[] {
  const rows = [...placed].sort((a, b) => (before.length === 0 ? a.priority - b.priority : 0) || a.since - b.since);
  const there = new Map(rows.map((row) => [row.key, row]));
  const known = new Set(before);
  const kept = before.filter((key) => there.has(key));
  const fresh = rows.filter((row) => !known.has(row.key)).map((row) => row.key);
  const all = [...kept, ...fresh];
  const pinned = (key: string): boolean => there.get(key)?.priority === 1;
  return [...all.filter(pinned), ...all.filter((key) => !pinned(key))];
}
