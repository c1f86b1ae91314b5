import { expect, test } from 'vitest';

import { momentOf } from './clock';

const ended = Date.UTC(2026, 10, 26, 20, 0, 0); // 14:00 in Chicago
const begun = ended - 20 * 3_600_000;
const at = (said: string): number | undefined => momentOf(said, begun, ended, 'America/Chicago');

test('a time is the last one in reach, by the clock of the city', () => {
  expect(at('13:45')).toBe(ended - 15 * 60_000);
  expect(at('13:59:30')).toBe(ended - 30_000);
  expect(at('23:00')).toBe(ended - 15 * 3_600_000);
});

test('a time before the journal began, and what is no time, are none', () => {
  expect([at('15:00'), at('25:00'), at('12:60'), at('noon')]).toEqual([undefined, undefined, undefined, undefined]);
});
