import { expect, test } from 'vitest';

import type { UnitRow } from '../../feed/rows';
import { grouped } from './board';

const unit = (name: string, status: string, primary: UnitRow['primary'], incident: string | null = null): UnitRow =>
  ({ unit: name, status, primary, incident }) as UnitRow;

test('every unit stands in one group, by what it can do now, in the order of its number', () => {
  const found = grouped([
    unit('E10', 'AQ', 'Available'), unit('E2', 'AR', 'Available'), unit('M1', 'ENR', 'NotAvailable', 'i'),
    unit('M2', 'MEAL', 'ConditionallyAvailable'), unit('M3', 'OOS', 'NotAvailable'), unit('M4', 'HSP', 'NotAvailable', 'i'),
  ]);
  expect(found.map((group) => [group.name, group.units.map((one) => one.unit)])).toEqual([
    ['Available', ['E2', 'E10']], ['Available if asked', ['M2']], ['En route', ['M1']], ['Transporting', ['M4']],
    ['Not available', ['M3']],
  ]);
});
