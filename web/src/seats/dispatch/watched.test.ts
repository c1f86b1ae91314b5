import { expect, test } from 'vitest';

import type { GroupRow, IncidentRow, PendingRow, SeatRow, UnitRow } from '../../feed/rows';
import { groupsOf, shownUnits, takes } from './watched';

const unit = (name: string, agency: string, emergency_at: number | null = null): UnitRow => ({ unit: name, agency, emergency_at }) as UnitRow;
const group = (id: string, agencies: string[], more: Partial<GroupRow> = {}): GroupRow => ({ id, agencies, areas: [], seats: [], ...more }) as GroupRow;
const incident = (name: string, units: string[], zones: Record<string, string> = {}): IncidentRow =>
  ({ incident: name, zones, units: units.map((one) => ({ unit: one, sequence: 1, stamps: {}, ended_at: null })) }) as unknown as IncidentRow;
const seat = (...groups: string[]): SeatRow => ({ id: 'dispatch:1', groups }) as SeatRow;

const FIRE = group('fire', ['fire']);
const POLICE = group('police', ['police']);
const ALL = [FIRE, POLICE];
const UNITS = [unit('E1', 'fire'), unit('P1', 'police'), unit('P2', 'police')];

test('a seat sees the units of its groups, and of those that were combined into them', () => {
  expect([...shownUnits(UNITS, [FIRE], ALL, [], [])]).toEqual(['E1']);
  const into = group('police', ['police'], { combined_into: 'fire' });
  expect([...shownUnits(UNITS, groupsOf(seat('fire'), [FIRE, into]), [FIRE, into], [], [])]).toEqual(['E1', 'P1', 'P2']);
});

test('a seat without groups sees every unit', () => {
  expect(shownUnits(UNITS, groupsOf(undefined, [FIRE, POLICE]), ALL, [], []).size).toBe(3);
});

test('a unit in emergency is never hidden', () => {
  expect([...shownUnits([...UNITS, unit('P3', 'police', 5)], [FIRE], ALL, [], [])]).toEqual(['E1', 'P3']);
});

test('a unit that works on an incident of the groups is never hidden, whosever it is', () => {
  expect([...shownUnits(UNITS, [FIRE], ALL, [incident('i', ['E1', 'P1'])], [])]).toEqual(['E1', 'P1']);
  const owed = [{ incident: 'i', groups: ['fire'] } as unknown as PendingRow];
  expect([...shownUnits(UNITS, [FIRE], ALL, [incident('i', ['P2'])], owed)]).toEqual(['E1', 'P2']);
  expect([...shownUnits(UNITS, [FIRE], ALL, [incident('i', ['P2'])], [])]).toEqual(['E1']);
});

test('a unit whose agency no group names is hidden from nobody', () => {
  expect([...shownUnits([...UNITS, unit('S1', 'sheriff')], [FIRE], ALL, [], [])]).toEqual(['E1', 'S1']);
});

test('what is selected stays', () => {
  expect([...shownUnits(UNITS, [FIRE], ALL, [], [], ['P1'])]).toEqual(['E1', 'P1']);
});

test('a unit without an agency, and a group of an area, leave nobody out', () => {
  expect([...shownUnits([unit('X', '')], [FIRE], ALL, [], [])]).toEqual(['X']);
  const north = group('north', [], { areas: [{ layer: 'beat', zone: '1' }] } as Partial<GroupRow>);
  expect([takes(north, 'fire', {}), takes(north, 'fire', { beat: '2' })]).toEqual([true, false]);
});

test('an agency is the same however its letters are written', () => {
  expect([...shownUnits([unit('P9', 'Police'), unit('M1', 'EMS')], [POLICE], [POLICE, group('ems', ['ems'])], [], [])]).toEqual(['P9']);
});
