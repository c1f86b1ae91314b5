import { expect, test } from 'vitest';

import type { CautionRow } from '../../../feed/rows';
import { concerning, metres } from './near';

const at = (x: number, y: number): { x: number; y: number } => ({ x, y });
const caution = (place: string, x: number | null, y: number | null, buffer_m = 0): CautionRow => ({ place, x, y, buffer_m }) as CautionRow;

test('a thousandth of a degree is 111 m north, and 96 m east at the latitude of Baton Rouge', () => {
  expect(metres(at(-911000000, 304000000), at(-911000000, 304010000))).toBeCloseTo(111.3, 0);
  expect(metres(at(-911000000, 304000000), at(-910990000, 304000000))).toBeCloseTo(96.0, 0);
  expect(metres(at(0, 0), { x: null, y: null })).toBeUndefined();
});

test('a caution concerns its own address however that is written, and what lies within its reach', () => {
  const place = { text: '12 Oak St.', x: -911000000, y: 304000000, uncertainty_m: 30 };
  const same = caution('12 OAK ST', null, null);
  const near = caution('14 Oak St', -911000000, 304005000); // 56 m
  const reaching = caution('plant', -911000000, 304090000, 1000); // 1 km
  const far = caution('far', -911000000, 304090000);
  expect(concerning([same, near, reaching, far], place)).toEqual([same, near, reaching]);
});
