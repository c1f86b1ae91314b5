import { expect, it } from 'vitest';

import type { UnitRow } from '../../feed/rows';
import { byStation } from './fleet';

const unit = (name: string, station: string): UnitRow => ({ unit: name, kind: 'engine', station, status: 'AQ' }) as UnitRow;
const KNOWN = [{ id: 'ST2', name: 'Second' }, { id: 'ST10', name: 'Tenth' }];

it('shows every station, also an empty one, in the order of their numbers, and last who has none', () => {
  const told = byStation([unit('E1', 'ST10'), unit('E9', '')], KNOWN, '');
  expect(told.map((one) => [one.id, one.units.length])).toEqual([['ST2', 0], ['ST10', 1], ['', 1]]);
});

it('finds a unit at its station, and a station with all of its units', () => {
  const units = [unit('E1', 'ST2'), unit('E2', 'ST2')];
  expect(byStation(units, KNOWN, 'e2').map((one) => one.units.map((row) => row.unit))).toEqual([['E2']]);
  expect(byStation(units, KNOWN, 'second').map((one) => one.units.length)).toEqual([2]);
});
