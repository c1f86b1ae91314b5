// Reasons of a recommendation in words that a dispatcher uses: by status and incident number, not by code and id.
import type { Reason, ReasonsVerdict, Unfilled } from '../../../api/types';
import { statusWords } from '../../../words/words';

const WORDS: Record<Reason, string> = {
  CAPABILITY: 'cannot do it', CHOSEN: 'chosen', CREW_COMMITTED: 'with their crew elsewhere', EXCLUDED: 'excluded by the plan',
  NOT_AVAILABLE: 'not free', NO_AGREEMENT: 'not lent to us', NO_POSITION: 'of unknown position', OUTRANKED: 'behind a better one',
  OVER_CEILING: 'too far', SLOWER: 'slower', STAFFING: 'without enough crew', STALE_POSITION: 'with an old position', UNREACHABLE: 'cut off by road',
};
// The nearer a unit came to being chosen, the more its reason matters.
const NEARNESS: Reason[] = ['STALE_POSITION', 'SLOWER', 'OUTRANKED', 'OVER_CEILING', 'NO_POSITION', 'NOT_AVAILABLE'];

export function reasonWords(verdict: ReasonsVerdict, numberOf: (incident: string) => string): string {
  if (verdict.reason !== 'NOT_AVAILABLE' || !verdict.status) return verdict.words;
  return verdict.incident ? `${statusWords(verdict.status)}, #${numberOf(verdict.incident)}` : statusWords(verdict.status);
}

export const unfilledWords = (one: Unfilled): string => {
  const why = Object.entries(one.why).map(([reason, n]) => `${n} ${WORDS[reason as Reason] ?? reason.toLowerCase()}`);
  return `${one.missing} of ${one.count} missing${why.length > 0 ? `: ${why.join(', ')}` : ''}`;
};

export function byNearness(verdicts: readonly ReasonsVerdict[]): ReasonsVerdict[] {
  const rank = (one: ReasonsVerdict): number => (NEARNESS.includes(one.reason) ? NEARNESS.indexOf(one.reason) : NEARNESS.length);
  return [...verdicts].sort((a, b) => rank(a) - rank(b) || (a.arrival_s ?? a.travel_s ?? Infinity) - (b.arrival_s ?? b.travel_s ?? Infinity));
}
