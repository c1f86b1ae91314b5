import { expect, test } from 'vitest';

import type { AgainstStandard, Spread } from '../api/types';
import { markOf, saysOf, verdictOf } from './spread';

const spread = (change: Partial<Spread>): Spread =>
  ({ n_eligible: 40, n_used: 38, p50_s: 4.26, p90_s: 75, p90_low_s: 60, p90_high_s: 100, method: 'nearest rank', ...change }) as Spread;
const against = (share: number | null, met: boolean | null): AgainstStandard => ({ share, met }) as AgainstStandard;

test('an interval is told with how many it is of, by which method, and how sure that is', () => {
  expect(saysOf(spread({}))).toBe(
    'half within 4.3 s, nine in ten within 1 min 15 s (95 % sure between 1 min and 1 min 40 s); n 38 of 40 begun; nearest rank',
  );
  expect(saysOf(spread({ p90_low_s: null }))).toContain('too few to say how sure');
  expect(saysOf(spread({ n_used: 0 }))).toBe('n 0 of 40 begun');
});

test('a share is never rounded up to a standard that it does not meet', () => {
  expect(verdictOf(against(0.8999, false))).toEqual({ sign: '✕', says: 'not met: 89.9 %', tone: 'warn' });
  expect(verdictOf(against(0.95, true)).says).toBe('met: 95 %');
  expect(verdictOf(against(null, null)).sign).toBe('–');
});

test('each standard has a mark of its own', () => {
  expect([0, 1, 2].map(markOf)).toEqual(['A', 'B', 'C']);
});
