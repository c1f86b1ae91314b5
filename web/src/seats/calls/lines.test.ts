import { expect, test } from 'vitest';

import type { CallbackRow, CallRow, IncidentRow } from '../../feed/rows';
import { callbacksInOrder, linesOf, nearby } from './lines';

const call = (name: string, state: CallRow['state'], received_at: number, seat = ''): CallRow => ({ call: name, state, received_at, seat }) as CallRow;

test('every call stands in one list, the longest waiting first', () => {
  const found = linesOf(
    [call('c', 'presented', 9), call('a', 'presented', 5), call('m', 'answered', 1, 'calls:1'), call('o', 'answered', 1, 'calls:2'),
      call('h', 'on_hold', 2, 'calls:1')],
    'calls:1',
  );
  const names = Object.fromEntries(Object.entries(found).map(([list, rows]) => [list, (rows as CallRow[]).map((row) => row.call)]));
  expect(names).toEqual({ ringing: ['a', 'c'], mine: ['m'], held: ['h'], elsewhere: ['o'] });
});

test('who is left by a seat that is gone rings again, whatever was being done with them', () => {
  const left = (name: string, state: CallRow['state']): CallRow => ({ ...call(name, state, 1, 'calls:1'), left: true });
  const found = linesOf([left('a', 'answered'), left('b', 'on_hold'), left('c', 'transferring'), call('d', 'on_hold', 3, 'calls:1')], 'calls:1');
  expect(found.ringing.map((row) => row.call)).toEqual(['a', 'b', 'c']);
  expect([found.mine, found.held.map((row) => row.call), found.elsewhere]).toEqual([[], ['d'], []]);
});

test('nearby are open incidents as far as both are unsure, the nearest first', () => {
  const at = (name: string, y: number, uncertainty_m: number): IncidentRow => ({ incident: name, x: 0, y, uncertainty_m }) as IncidentRow;
  const found = nearby([at('far', 40000, 30), at('b', 20000, 30), at('a', 1000, 30), at('unsure', 40000, 500)], { x: 0, y: 0 });
  expect(found.map((one) => one.row.incident)).toEqual(['a', 'b', 'unsure']);
});

test('a callback that three attempts did not reach waits for a person, before all others', () => {
  const row = (number: string, since: number, exhausted: boolean): CallbackRow => ({ number, since, exhausted, calls: ['c'], attempts: [] }) as unknown as CallbackRow;
  expect(callbacksInOrder([row('new', 9, false), row('old', 1, false), row('out', 5, true)], 10).map((one) => one.number)).toEqual(['out', 'old', 'new']);
});

test('callbacks stand in the order in which the server would have them called', () => {
  const row = (number: string, since: number, calls: number, attempts: number): CallbackRow =>
    ({ number, since, exhausted: false, calls: Array.from({ length: calls }, String), attempts: Array.from({ length: attempts }, () => 'busy') }) as unknown as CallbackRow;
  const rows = [row('once', 100_000, 1, 0), row('tried', 50_000, 1, 1), row('rings', 200_000, 9, 0), row('again', 150_000, 2, 0)];
  expect(callbacksInOrder(rows, 250_000).map((one) => one.number)).toEqual(['again', 'rings', 'once', 'tried']);
});
