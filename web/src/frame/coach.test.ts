import { expect, test } from 'vitest';

import type { CallRow, IncidentRow } from '../feed/rows';
import { ACTS, stepsDone, type Seen, type Step } from './coach';

const seen = (more: Partial<Seen>): Seen => ({ desk: 'calls:1', call: undefined, incident: undefined, waited: false, typed: false, listed: false, ...more });
const call = (more: Partial<CallRow>): CallRow => ({ seat: 'calls:1', incident: null, ...more }) as CallRow;
const incident = (...units: string[]): IncidentRow => ({ incident: 'i1', units: units.map((unit) => ({ unit, ended_at: null })) }) as unknown as IncidentRow;
const acts = (kind: string): readonly Step[] => ACTS[kind] as readonly Step[];

test('the first act of a call taker follows answering, writing and sending, each by what the seat shows', () => {
  expect(stepsDone(acts('calls'), seen({}), 0)).toBe(0);
  expect(stepsDone(acts('calls'), seen({ call: call({ seat: 'calls:2' }) }), 0)).toBe(0);
  expect(stepsDone(acts('calls'), seen({ call: call({}) }), 0)).toBe(1);
  expect(stepsDone(acts('calls'), seen({ call: call({}), typed: true }), 1)).toBe(2);
  expect(stepsDone(acts('calls'), seen({ call: call({ incident: 'i1' }) }), 2)).toBe(3);
});

test('the first act of a dispatcher follows finding, selecting and sending; a step that was done stays done', () => {
  expect(stepsDone(acts('dispatch'), seen({ listed: true }), 0)).toBe(1);
  expect(stepsDone(acts('dispatch'), seen({}), 1)).toBe(1);
  expect(stepsDone(acts('dispatch'), seen({ incident: incident() }), 1)).toBe(2);
  expect(stepsDone(acts('dispatch'), seen({ incident: incident('M4'), waited: true }), 2)).toBe(3);
});

test('an incident that others are already on was not sent by who selects it', () => {
  expect(stepsDone(acts('dispatch'), seen({ incident: incident('M4') }), 0)).toBe(2);
});
