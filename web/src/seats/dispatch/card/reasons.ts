// The order in which reasons against a unit are read; their words are the server's.
import type { ReasonsReason as Reason, ReasonsVerdict } from '../../../api/types';

// The nearer a unit came to being chosen, the more its reason matters.
const NEARNESS: Reason[] = ['STALE_POSITION', 'SLOWER', 'OUTRANKED', 'OVER_CEILING', 'NO_POSITION', 'NOT_AVAILABLE'];

export function byNearness(verdicts: readonly ReasonsVerdict[]): ReasonsVerdict[] {
  const rank = (one: ReasonsVerdict): number => (NEARNESS.includes(one.reason) ? NEARNESS.indexOf(one.reason) : NEARNESS.length);
  return [...verdicts].sort((a, b) => rank(a) - rank(b) || (a.arrival_s ?? a.travel_s ?? Infinity) - (b.arrival_s ?? b.travel_s ?? Infinity));
}
