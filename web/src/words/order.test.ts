import { expect, test } from 'vitest';

import { keepOrder } from './order';

const rows = (...pairs: [string, number, number?][]): { key: string; priority: number; since: number }[] =>
  pairs.map(([key, priority, since]) => ({ key, priority, since: since ?? 0 }));

test('rows keep their place, and a more urgent one than they comes at the foot all the same', () => {
  expect(keepOrder(['c', 'a'], rows(['a', 3], ['b', 2], ['c', 4]))).toEqual(['c', 'a', 'b']);
});

test('priority 1 is pinned on top, in the order of its coming', () => {
  expect(keepOrder(['a', 'b'], rows(['a', 3], ['b', 1], ['c', 1], ['d', 2]))).toEqual(['b', 'c', 'a', 'd']);
});

test('what is no more leaves its place, and the others move up by it alone', () => {
  expect(keepOrder(['a', 'b', 'c'], rows(['a', 3], ['c', 3]))).toEqual(['a', 'c']);
});

test('at first sight the more urgent stand first, and of these the older', () => {
  expect(keepOrder([], rows(['new', 2, 9], ['low', 5, 1], ['old', 2, 3], ['top', 1, 9]))).toEqual(['top', 'old', 'new', 'low']);
});

test('what comes together comes in the order of its age', () => {
  expect(keepOrder(['a'], rows(['a', 3, 1], ['c', 2, 9], ['b', 5, 5]))).toEqual(['a', 'b', 'c']);
});
