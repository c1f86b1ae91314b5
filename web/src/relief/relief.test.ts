import { expect, test } from 'vitest';

import type { GroupRow, SeatRow } from '../feed/rows';
import { combinable, linesOf, relievable } from './groups';

const group = (id: string, more: Partial<GroupRow> = {}): GroupRow => ({ id, seats: [], combined_into: '', alarm: null, ...more });
const seat = (id: string, lost_at: number | null = null): SeatRow => ({ id, person: 'p', groups: ['a'], since: 0, lost_at, briefed_from: null });

test('a group that was combined says through which it is watched, and one with an alarm that nobody watches', () => {
  const [a, b] = linesOf([group('b', { combined_into: 'a', seats: ['dispatch:1'] }), group('a', { alarm: { at: 1, why: 'nobody', needs: [] } })], ['a']);
  expect([a?.group.id, a?.mine, a?.alarm, b?.through, b?.watched]).toEqual(['a', true, true, 'a', ['dispatch:1']]);
});

test('a group is combined one step deep: not one that carries another, not into one that is carried', () => {
  const all = [group('a'), group('b', { combined_into: 'a' }), group('c')];
  expect(combinable(all[2] as GroupRow, all).map((one) => one.id)).toEqual(['a']);
  expect([combinable(all[0] as GroupRow, all), combinable(all[1] as GroupRow, all)]).toEqual([[], []]);
});

test('whoever was lost is relieved first, then those of the same kind; nobody relieves their own seat', () => {
  expect(relievable([seat('calls:1'), seat('dispatch:2'), seat('dispatch:10'), seat('dispatch:3', 5), seat('dispatch:1')], 'dispatch:1').map((one) => one.id))
    .toEqual(['dispatch:3', 'dispatch:2', 'dispatch:10', 'calls:1']);
});
