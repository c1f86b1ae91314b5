import { expect, test } from 'vitest';

import { apart, placeAmong, scale, spanLabel, spanTicks, stepPath, ticks, trimBars } from './scale';

test('ticks are round, begin at nothing, and never pass the largest value', () => {
  expect(ticks(9, 4)).toEqual([0, 5]);
  expect(ticks(212, 4)).toEqual([0, 100, 200]);
  expect(ticks(3, 4)).toEqual([0, 1, 2, 3]);
  expect(ticks(0, 4)).toEqual([0]);
});

test('ticks of time are those of a clock', () => {
  expect(spanTicks(47, 5)).toEqual([0, 10, 20, 30, 40]);
  expect(spanTicks(400, 4)).toEqual([0, 120, 240, 360]);
  expect([0, 45, 90, 120, 7200].map(spanLabel)).toEqual(['0', '45 s', '1.5 min', '2 min', '2 h']);
});

test('a scale of nothing puts everything at its beginning', () => {
  expect([scale(0, 100)(5), scale(10, 100)(5)]).toEqual([0, 50]);
});

test('a step goes across before it goes up', () => {
  expect(stepPath([[0, 9], [4, 5], [8, 1]])).toBe('M0 9H4V5H8V1');
});

test('labels that want one place stand one below the other, the lowest wish lowest', () => {
  expect(apart([20, 10, 40], 14)).toEqual([24, 10, 40]);
});

test('a threshold lies at the end of the bar that it closes, and part of the way within one that it divides', () => {
  expect([placeAmong([5, 10, 15, null], 15), placeAmong([5, 10, 20, null], 15), placeAmong([5, null], 60)]).toEqual([3, 2.5, 1]);
});

test('empty bars at the far end are left out, but for those up to the threshold', () => {
  const bars = [[5, 3], [10, 0], [15, 0], [20, 0], [null, 0]].map(([upto_s, n]) => ({ upto_s: upto_s as number | null, n: n as number }));
  expect(trimBars(bars, 0).map((bar) => bar.upto_s)).toEqual([5]);
  expect(trimBars(bars, 15).map((bar) => bar.upto_s)).toEqual([5, 10, 15, 20]);
});
