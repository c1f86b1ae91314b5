import { expect, test } from 'vitest';

import type { ReasonsReason as Reason, ReasonsVerdict } from '../../../api/types';
import { byNearness } from './reasons';

const verdict = (unit: string, reason: Reason, travel_s: number | null = null): ReasonsVerdict =>
  ({ unit, reason, travel_s, words: `${unit} words`, kind: '' });

test('those that came nearest to being chosen stand first, the faster before the slower', () => {
  const found = byNearness([verdict('C', 'CAPABILITY'), verdict('B', 'NOT_AVAILABLE'), verdict('S2', 'SLOWER', 90), verdict('S1', 'SLOWER', 60)]);
  expect(found.map((one) => one.unit)).toEqual(['S1', 'S2', 'B', 'C']);
});
