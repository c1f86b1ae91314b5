// What an interval and its standards come to, in words.
import type { AgainstStandard, Spread } from '../api/types';
import { span } from '../words/words';

/** A standard's mark on the picture and in the list beside it: A, B, C. */
export const markOf = (i: number): string => String.fromCharCode(65 + (i % 26));

const told = (seconds: number | null): string => (seconds === null ? '–' : seconds < 10 ? `${Math.round(seconds * 10) / 10} s` : span(seconds));

/** Half, and nine in ten, were not slower; of how many; by which method; and how sure that is. */
export function saysOf(spread: Spread): string {
  if (spread.n_used === 0) return `n 0 of ${spread.n_eligible} begun`;
  const sure = spread.p90_low_s == null || spread.p90_high_s == null
    ? 'too few to say how sure'
    : `95 % sure between ${told(spread.p90_low_s)} and ${told(spread.p90_high_s)}`;
  return `half within ${told(spread.p50_s)}, nine in ten within ${told(spread.p90_s)} (${sure}); n ${spread.n_used} of ${spread.n_eligible} begun; ${spread.method ?? 'nearest rank'}`;
}

/** `met`, `not met`, or that it cannot be said; as a sign too. */
export function verdictOf(one: AgainstStandard): { sign: string; says: string; tone: 'good' | 'warn' | 'faint' } {
  if (one.met === null || one.share === null) return { sign: '–', says: 'nothing to hold against it yet', tone: 'faint' };
  const share = `${Math.floor(one.share * 1000) / 10} %`;
  return one.met ? { sign: '✓', says: `met: ${share}`, tone: 'good' } : { sign: '✕', says: `not met: ${share}`, tone: 'warn' };
}
