import { expect, test } from 'vitest';

import type { NeededHour, Staffing } from '../../api/types';
import { gapInWords, givenInWords } from './staffing';

const hour = (at: number, call_takers: number, dispatchers: number): NeededHour =>
  ({ at, calls: 10, call_takers, dispatchers, answered_in_time: 0.5, hang_up: 0.081, heard_in_time: 1 });
const told = (hours: NeededHour[], call_takers: string[], dispatchers: string[]): Staffing => ({ hours, call_takers, dispatchers }) as Staffing;

test('the worst hour of each is named, with what it comes to', () => {
  const found = gapInWords(told([hour(0, 2, 1), hour(3_600_000, 4, 2)], ['calls:1', 'calls:2'], ['dispatch:1']), 'UTC');
  expect(found).toBe('2 call takers too few at 01:00; 1 dispatcher too few at 01:00. With those signed on 50 % would be answered in time in that hour, and 9 % might hang up.');
});

test('enough is said to be enough, and no forecast to be none', () => {
  expect(gapInWords(told([hour(0, 1, 1)], ['calls:1'], ['dispatch:1']), 'UTC')).toContain('Enough');
  expect(gapInWords(told([], [], []), 'UTC')).toBe('No forecast yet.');
});

test('what was measured says on how many, what was assumed says so', () => {
  expect(givenInWords({ name: 'a call takes a call taker', value: 141.96, unit: 's', known: 'measured', n: 311 })).toBe('a call takes a call taker: 142 s, measured on 311');
  expect(givenInWords({ name: 'incidents of a call', value: 0.8, unit: '', known: 'assumed', n: 3 })).toBe('incidents of a call: 0.8, assumed');
});
