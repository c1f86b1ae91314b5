// What is tried in a what-if: a list of changes, in words and as the server is asked. Pure.
import type { Changed } from '../../api/types';

export type Try =
  | { what: 'without'; unit: string }
  | { what: 'closed'; station: string }
  | { what: 'moved'; unit: string; station: string }
  | { what: 'more'; kind: string; station: string };

export type What = Try['what'];

export const WHATS: readonly (readonly [What, string])[] = [
  ['without', 'A unit less'], ['more', 'A unit more'], ['moved', 'Another post'], ['closed', 'A station closed'],
];

export function inWords(one: Try): string {
  if (one.what === 'without') return `without ${one.unit}`;
  if (one.what === 'closed') return `station ${one.station} closed`;
  if (one.what === 'moved') return `${one.unit} at station ${one.station}`;
  return `one more ${one.kind} at station ${one.station}`;
}

/** The list with one change more: a unit is moved or left out once, a station closed once; of a kind there may be several more. */
export function withOne(tries: readonly Try[], one: Try): Try[] {
  if (one.what === 'more') return [...tries, one];
  if (one.what === 'closed') return [...tries.filter((other) => other.what !== 'closed' || other.station !== one.station), one];
  return [...tries.filter((other) => (other.what !== 'without' && other.what !== 'moved') || other.unit !== one.unit), one];
}

/** The question: a span until now or whole, and everything that is tried. */
export function asked(begun: number, ended: number, rule: string, plan: string, tries: readonly Try[]): string {
  const query = new URLSearchParams({ begun: String(begun), ended: String(ended), rule });
  if (plan !== '') query.set('plan', plan);
  for (const one of tries) {
    if (one.what === 'without') query.append('without', one.unit);
    else if (one.what === 'closed') query.append('closed', one.station);
    else query.append(one.what, `${one.what === 'moved' ? one.unit : one.kind}@${one.station}`);
  }
  return `/api/supervisor/what-if?${query}`;
}

const NAMES: Record<string, string> = { response: 'Response', unit_response: 'Unit response', travel: 'Travel' };

/** `Response, median`; `Travel, 90th percentile`. */
export const nameOf = (one: Changed): string => `${NAMES[one.interval] ?? one.title}, ${one.percent === 50 ? 'median' : `${one.percent}th`}`;
