import { expect, test } from 'vitest';

import type { CallRow, IncidentRow, UnitRow } from '../feed/rows';
import { find, wanted, type Local } from './local';

const incident = (number: string, more: object): IncidentRow =>
  ({ incident: `i${number}`, number, kind: 'Fire', text: '12 Oak St', municipality: 'Zachary', status: 'Active', opened_at: Number(number), notes: [], ...more }) as unknown as IncidentRow;
const rows: Local = {
  incidents: [incident('17', {}), incident('23', { kind: 'Fall', text: '4 Elm Ave', notes: [{ at: 1, text: 'gate code 4711' }] })],
  units: [{ unit: 'E2', kind: 'ENGINE', station: '02', status: 'ENR', incident: 'i17' } as unknown as UnitRow],
  calls: [{ call: 'c1', callback: '+1 225 555 0187', text: '9 Pine Rd' } as unknown as CallRow],
};
const keys = (what: string): (string | undefined)[] => find(what, rows).map((one) => one.key);

test('only a line that asks to find is a search', () => {
  expect([wanted('f oak st '), wanted('Find 17'), wanted('f'), wanted('free e2'), wanted('d #12 e2')]).toEqual(['oak st', '17', '', '', '']);
});

test('an incident is found by its number, its place, its words and its notes', () => {
  expect([keys('#23'), keys('elm'), keys('FALL zachary'), keys('gate code')]).toEqual(Array(4).fill(['incident/i23']));
  expect(keys('zachary')).toEqual(['incident/i23', 'incident/i17']);
});

test('every word must stand in it', () => {
  expect(keys('oak fall')).toEqual([]);
});

test('a unit is found by its name and says how it stands', () => {
  expect(find('e2', rows)[0]?.meaning).toBe('E2: en route, #17');
});

test('a call is found by digits of its number, however they are written, and by its place', () => {
  expect([keys('555-0187'), keys('pine'), keys('225 9999')]).toEqual([['call/c1'], ['call/c1'], []]);
});
