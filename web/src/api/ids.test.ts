import { expect, test } from 'vitest';

import { newId } from './ids';

test('an id holds its time in ten characters and its entropy in sixteen, and sorts by time', () => {
  const still = new Uint8Array(16).fill(31);
  expect(newId('cmd', 0, still)).toBe('cmd_0000000000zzzzzzzzzzzzzzzz');
  expect(newId('cmd', 33, still)).toBe('cmd_0000000011zzzzzzzzzzzzzzzz');
  expect(newId('cmd', 1_800_000_000_000, still) < newId('cmd', 1_800_000_000_001, still)).toBe(true);
});

test('two ids of one millisecond differ', () => {
  expect(newId('cmd', 5)).not.toBe(newId('cmd', 5));
});
