// The unit board's groups: what a unit can do now, not what it is.
import type { UnitRow } from '../../feed/rows';

export interface Group {
  name: string;
  units: UnitRow[];
}

const GROUPS: [string, (unit: UnitRow) => boolean][] = [
  ['Available', (unit) => unit.incident === null && unit.primary === 'Available'],
  ['Available if asked', (unit) => unit.incident === null && unit.primary === 'ConditionallyAvailable'],
  ['Alerted', (unit) => ['ASG', 'DSP', 'ACK'].includes(unit.status)],
  ['En route', (unit) => ['ENR', 'STG'].includes(unit.status)],
  ['On scene', (unit) => ['ONS', 'PTC'].includes(unit.status)],
  ['Transporting', (unit) => ['TRN', 'HSP'].includes(unit.status)],
  ['Not available', () => true],
];

/** Each unit once, in the first group that it belongs to; groups without units are left out. */
export function grouped(units: readonly UnitRow[]): Group[] {
  const groups: Group[] = GROUPS.map(([name]) => ({ name, units: [] }));
  for (const unit of units) {
    const at = GROUPS.findIndex(([, belongs]) => belongs(unit));
    groups[at]?.units.push(unit);
  }
  for (const group of groups) group.units.sort((a, b) => a.unit.localeCompare(b.unit, 'en', { numeric: true }));
  return groups.filter((group) => group.units.length > 0);
}
