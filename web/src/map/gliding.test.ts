import { expect, test } from 'vitest';

import { Glide } from './gliding';

test('a mark goes from its last word to the next in as long as lay between them, at most a second, and never beyond', () => {
  const glide = new Glide({ x: 0, y: 0 }, 1_000);
  glide.tell({ x: 1_000, y: 0 }, 1_400, true);
  expect([1_400, 1_600, 1_800, 9_000].map((now) => glide.at(now).x)).toEqual([0, 500, 1_000, 1_000]);
  glide.tell({ x: 2_000, y: 0 }, 60_000, true);
  expect([60_500, 61_000].map((now) => glide.at(now).x)).toEqual([1_500, 2_000]);
  expect([glide.over(60_999), glide.over(61_000)]).toEqual([false, true]);
});

test('a word in the middle of a glide goes on from where the mark is seen', () => {
  const glide = new Glide({ x: 0, y: 0 }, 0);
  glide.tell({ x: 1_000, y: 0 }, 1_000, true);
  glide.tell({ x: 1_000, y: 800 }, 1_500, true);
  expect(glide.at(1_500)).toEqual({ x: 500, y: 0 });
  expect(glide.at(2_000)).toEqual({ x: 1_000, y: 800 });
});

test('a correction is shown at once, and so is everything to whoever wants no motion', () => {
  const [far, still] = [new Glide({ x: 0, y: 0 }, 0), new Glide({ x: 0, y: 0 }, 0)];
  far.tell({ x: 900_000, y: 0 }, 500, true);
  still.tell({ x: 100, y: 0 }, 500, false);
  expect([far.at(500).x, still.at(500).x]).toEqual([900_000, 100]);
});
