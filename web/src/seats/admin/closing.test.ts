import { expect, it } from 'vitest';

import type { RoadFound } from '../../api/types';
import { E7 } from '../../feed/rows';
import { lineOf, linesOf, toggled } from './closing';

const road = (segment: string, ...line: [number, number][]): RoadFound => ({ segment, name: segment, line, distance_m: 0 });
const A = road('a', [0, 0], [10, 0], [10, 10]);
const B = road('b', [90, 90], [80, 80]);

it('takes a road in at the first press and out at the second', () => {
  expect(toggled(toggled([], A), B)).toEqual([A, B]);
  expect(toggled([A, B], A)).toEqual([B]);
});

it('draws each stretch by itself and no line between them', () => {
  const drawn = linesOf(lineOf([A, B]), 'c').map((one) => one.geometry.coordinates.map((point) => point.map((value) => Math.round(value * E7))));
  expect(drawn).toEqual([A.line, B.line]);
});

it('draws what another client has written as one line', () => {
  expect(linesOf([0, 0, 10, 0, 10, 10], 'c')).toHaveLength(1);
  expect(linesOf([], 'c')).toEqual([]);
});
