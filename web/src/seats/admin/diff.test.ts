import { expect, it } from 'vitest';

import { diffOf, shortened } from './diff';

const told = (before: string, after: string): string[] => diffOf(before, after).map((one) => `${one.how[0]}${one.line} ${one.text}`);

it('keeps what is the same and says what went and what came', () => {
  expect(told('a\nb\nc', 'a\nx\nc')).toEqual(['s1 a', 'g2 b', 'n2 x', 's3 c']);
  expect(told('a\nc', 'a\nb\nc')).toEqual(['s1 a', 'n2 b', 's3 c']);
});

it('finds nothing between a text and itself', () => {
  expect(shortened(diffOf('a\nb', 'a\nb'))).toEqual([null]);
});

it('gives back both texts whole', () => {
  const [before, after] = ['1\n2\n3\n4\n5', '0\n2\n4\n4\n6\n5'];
  const all = diffOf(before, after);
  expect(all.filter((one) => one.how !== 'new').map((one) => one.text).join('\n')).toBe(before);
  expect(all.filter((one) => one.how !== 'gone').map((one) => one.text).join('\n')).toBe(after);
});

it('leaves out what is far from any change', () => {
  const long = Array.from({ length: 20 }, (_, i) => String(i)).join('\n');
  expect(shortened(diffOf(long, long.replace('10', 'x'))).map((one) => one?.text ?? '…')).toEqual(['…', '8', '9', '10', 'x', '11', '12', '…']);
});
