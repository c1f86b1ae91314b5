import { expect, test } from 'vitest';

import type { StationCover } from '../../api/types';
import type { GroupRow, SeatRow, UnitRow } from '../../feed/rows';
import type { CityPage } from '../../map/city';
import { coverMarks, freedom, inOrder, kindsOf, unheard, unwatched } from './watch';

const group = (id: string, at: number, by = ''): GroupRow => ({ id, seats: [], alarm: { at, why: 'no_seat', needs: [], acknowledged_by: by } });
const station = (name: string, available: number): StationCover => ({ station: name, units: 2, available, in_quarters: 0, kinds: {} });

test('an alarm that was answered for is heard, and the group is unwatched all the same', () => {
  const groups = [group('ems', 9), group('fire', 5), group('law', 1, 'sue'), { id: 'all', seats: ['dispatch:1'], alarm: null }];
  expect(unheard(groups).map((one) => one.id)).toEqual(['fire', 'ems']);
  expect(unwatched(groups).map((one) => one.id)).toEqual(['ems', 'fire', 'law']);
});

test('seats that lost their link come first, others by their number', () => {
  const seat = (id: string, lost_at: number | null): SeatRow => ({ id, person: 'p', groups: [], since: 0, lost_at });
  expect(inOrder([seat('calls:10', null), seat('calls:2', null), seat('dispatch:1', 7)]).map((one) => one.id)).toEqual(['dispatch:1', 'calls:2', 'calls:10']);
});

test('a unit with an incident is at work, whatever its status says', () => {
  const unit = (incident: string | null, primary: string): UnitRow => ({ incident, primary }) as UnitRow;
  const units = [unit(null, 'Available'), unit('i', 'Available'), unit(null, 'ConditionallyAvailable'), unit(null, 'NotAvailable')];
  expect(freedom(units).map((one) => one.n)).toEqual([1, 1, 1]);
});

test('a station is drawn with what it can send, and with a cross where that is nothing; one without a place is not drawn', () => {
  const city = { stations: [{ id: 'ST1', name: '', x: 1e7, y: 2e7 }, { id: 'ST2', name: '', x: 0, y: 0 }] } as unknown as CityPage;
  const found = coverMarks([station('ST1', 2), station('ST2', 0), station('ST3', 1)], city);
  expect(found.map((one) => [one.picture, one.label])).toEqual([['free-some-2', 'ST1: 2 of 2'], ['free-none-✕', 'ST2: 0 of 2']]);
  expect(kindsOf({ ...station('ST1', 3), kinds: { ENGINE: 2, '': 1 } })).toBe('2 ENGINE, 1 unit');
  expect(kindsOf(station('ST1', 0))).toBe('nothing');
});
