import { expect, test } from 'vitest';

import type { IncidentRow, PendingRow } from '../../feed/rows';
import { lacking, toClose, waits } from './queue';

const incident = (...ended: (number | null)[]): IncidentRow =>
  ({ incident: 'i', units: ended.map((ended_at, i) => ({ unit: `E${i}`, sequence: i, stamps: {}, ended_at })) }) as unknown as IncidentRow;
const lacks = new Map([['i', ['1 ENGINE']]]);

test('an incident waits while nobody is on it and somebody should be', () => {
  expect([waits(incident(), new Map()), waits(incident(null), lacks), waits(incident(9), lacks)]).toEqual([true, false, true]);
});

test('an incident whose units are all done and that lacks nothing is to be closed, and does not wait', () => {
  expect([waits(incident(9, 9), new Map()), toClose(incident(9, 9), new Map())]).toEqual([false, true]);
  expect([toClose(incident(9, null), new Map()), toClose(incident(9), lacks), toClose(incident(), new Map())]).toEqual([false, false, false]);
});

test('what is lacking is said by number and kind', () => {
  const row = (missing: number, kinds: string[], capabilities: string[] = []): PendingRow =>
    ({ incident: 'i', missing, kinds, capabilities, role: '', agency: 'fire' }) as unknown as PendingRow;
  expect(lacking([row(2, ['ENGINE']), row(1, [], ['ALS']), row(1, [])]).get('i')).toEqual(['2 ENGINE', '1 ALS', '1 fire']);
});
