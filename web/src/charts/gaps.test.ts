import { expect, test } from 'vitest';

import { signed, symmetric } from './gaps';

test('an axis around zero reaches a round span that holds every value, also where there is none', () => {
  expect([symmetric([]), symmetric([-3, 1]), symmetric([61]), symmetric([9999])]).toEqual([2, 4, 120, 9999]);
});

test('a difference is told with its sign, short', () => {
  expect([12, -90, 0.04, -3.26, 600].map(signed)).toEqual(['+12 s', '−1.5 min', '0', '−3.3 s', '+10 min']);
});
