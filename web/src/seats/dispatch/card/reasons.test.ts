import { expect, test } from 'vitest';

import type { Reason, ReasonsVerdict } from '../../../api/types';
import { byNearness, reasonWords, unfilledWords } from './reasons';

const verdict = (unit: string, reason: Reason, travel_s: number | null = null): ReasonsVerdict =>
  ({ unit, reason, travel_s, words: `${unit} words`, kind: '' });

test('a busy unit is told by its status and the number of its incident', () => {
  const busy = { ...verdict('E1', 'NOT_AVAILABLE'), status: 'ONS', incident: 'inc_1' };
  expect(reasonWords(busy, () => '4117')).toBe('on scene, #4117');
  expect(reasonWords({ ...busy, incident: '' }, () => '')).toBe('on scene');
  expect(reasonWords(verdict('E1', 'SLOWER'), () => '')).toBe('E1 words');
});

test('those that came nearest to being chosen stand first, the faster before the slower', () => {
  const found = byNearness([verdict('C', 'CAPABILITY'), verdict('B', 'NOT_AVAILABLE'), verdict('S2', 'SLOWER', 90), verdict('S1', 'SLOWER', 60)]);
  expect(found.map((one) => one.unit)).toEqual(['S1', 'S2', 'B', 'C']);
});

test('what is unfilled says why in words', () => {
  expect(unfilledWords({ requirement: 'r', count: 2, missing: 1, why: { CAPABILITY: 16, NOT_AVAILABLE: 14 }, words: '' }))
    .toBe('1 of 2 missing: 16 cannot do it, 14 not free');
});
