import { expect, test } from 'vitest';

import type { Difference } from '../api/types';
import type { GroupRow, SeatRow } from '../feed/rows';
import { sections } from './changes';
import { combinable, linesOf, relievable } from './groups';

const group = (id: string, more: Partial<GroupRow> = {}): GroupRow => ({ id, seats: [], combined_into: '', alarm: null, ...more });
const seat = (id: string, lost_at: number | null = null): SeatRow => ({ id, person: 'p', groups: ['a'], since: 0, lost_at, briefed_from: null });
const told = (...changes: Difference[]): ReturnType<typeof sections> => sections({ since: 1, until: 9, since_at: 0, until_at: 9, changes });

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

test('new incidents come first, the more urgent before the others, with who is on them', () => {
  const row = { number: '12', kind: 'Fire', text: '1 Oak St', priority: 3, status: 'Active', units: [{ unit: 'E1', ended_at: null }] };
  const found = told(
    { key: 'unit/E1', how: 'changed', fields: { status: ['AQ', 'ENR'], since: [1, 2] }, row: {} },
    { key: 'incident/i1', how: 'new', row }, { key: 'incident/i2', how: 'new', row: { ...row, number: '13', priority: 1, units: [] } },
  );
  expect(found.map((one) => one.title)).toEqual(['New incidents', 'Units']);
  expect(found[0]?.changes.map((one) => one.title)).toEqual(['#13 Fire, 1 Oak St', '#12 Fire, 1 Oak St']);
  expect(found[0]?.changes[1]?.words).toEqual(['waiting for units', 'E1']);
  expect(found[1]?.changes[0]?.words).toEqual(['in quarters → en route']);
});

test('what changed in an incident is said, not which field; what only ticks is left out', () => {
  const part = (unit: string, ended_at: number | null = null): Record<string, unknown> => ({ unit, sequence: 1, stamps: {}, ended_at });
  const found = told(
    { key: 'incident/i1', how: 'changed', row: { number: '12', kind: 'Fire', text: 'x' }, fields: {
      priority: [3, 1], units: [[part('E1')], [part('E1', 5), part('E2')]], notes: [[{ at: 1, text: 'old' }], [{ at: 1, text: 'old' }, { at: 2, text: 'door is locked' }]],
    } },
    { key: 'incident/i2', how: 'changed', row: { number: '13' }, fields: { placed_at: [1, 2] } },
    { key: 'unit/E3', how: 'changed', row: {}, fields: { seen_at: [1, 2], x: [1, 2] } },
  );
  expect(found).toHaveLength(1);
  expect(found[0]?.changes[0]?.words).toEqual(['priority 3 → 1', 'sent: E2', 'let go: E1', '“door is locked”']);
});
