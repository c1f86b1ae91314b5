import { expect, test } from 'vitest';

import { crowded, offset, place, type Named } from './labels';

const SIZE = [600, 400] as const;
const named = (key: string, x: number, y: number, width = 40): Named => ({ key, x, y, reach: 8, width, height: 14 });

const box = (one: Named, side: 'below' | 'above' | 'left' | 'right'): [number, number, number, number] => {
  const [east, south] = offset(one, side);
  return [one.x + east - one.width / 2, one.y + south - 6, one.x + east + one.width / 2, one.y + south + 6];
};

test('no name lies on another or on a mark, and who has no room has none', () => {
  let seed = 7;
  const dice = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const many = Array.from({ length: 400 }, (_, i) => named(`unit/${i}`, dice() * 600, dice() * 400));
  const sides = place(many, SIZE, new Map());
  expect(sides.size).toBeGreaterThan(50);
  expect(sides.size).toBeLessThan(400);
  const boxes = many.flatMap((one) => (sides.has(one.key) ? [box(one, sides.get(one.key)!)] : []));
  for (const [i, a] of boxes.entries()) {
    for (const b of boxes.slice(i + 1)) expect(a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]).toBe(false);
    for (const one of many) expect(a[0] < one.x + 8 && one.x - 8 < a[2] && a[1] < one.y + 8 && one.y - 8 < a[3]).toBe(false);
  }
});

test('of marks that would lie over one another the first is whole and the others are small', () => {
  const at = (key: string, x: number, y: number) => ({ key, x, y, reach: 15 });
  const row = [at('a', 100, 100), at('b', 120, 100), at('c', 131, 100), at('d', 100, 131)];
  expect([...crowded(row)]).toEqual(['b']);
  expect([...crowded([...row].reverse())]).toEqual(['b']);
  expect(crowded([]).size).toBe(0);
});

test('a name stays on its side as long as there is room, and comes first if its mark does', () => {
  const [a, b] = [named('a', 100, 100), named('b', 100, 124)];
  expect(place([a], SIZE, new Map([['a', 'left']])).get('a')).toBe('left');
  expect(place([a, b], SIZE, new Map()).get('a')).not.toBe('below');
  expect(place([named('c', 100, 100, 0)], SIZE, new Map()).size).toBe(0);
});

test('a name that the edge of the map would cut stands on another side', () => {
  const [left, foot] = [named('left', 5, 200), named('foot', 300, 395)];
  const sides = place([left, foot], SIZE, new Map([['left', 'left'], ['foot', 'below']]));
  expect([sides.get('left'), sides.get('foot')]).toEqual(['right', 'above']);
});
