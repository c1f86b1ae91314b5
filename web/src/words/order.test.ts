import { expect, test } from 'vitest';

import { keepOrder } from './order';

const rows = (...pairs: [string, number][]): { key: string; priority: number }[] => pairs.map(([key, priority]) => ({ key, priority }));

test('rows keep their place, and a more urgent one than they comes at the foot all the same', () => {
  expect(keepOrder(['c', 'a'], rows(['a', 3], ['b', 2], ['c', 4]))).toEqual(['c', 'a', 'b']);
});

test('priority 1 is pinned on top, in the order of its coming', () => {
  expect(keepOrder(['a', 'b'], rows(['a', 3], ['b', 1], ['c', 1], ['d', 2]))).toEqual(['b', 'c', 'a', 'd']);
});

test('what is no more leaves its place, and the others move up by it alone', () => {
  expect(keepOrder(['a', 'b', 'c'], rows(['a', 3], ['c', 3]))).toEqual(['a', 'c']);
});
