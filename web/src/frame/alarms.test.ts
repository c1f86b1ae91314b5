import { expect, test } from 'vitest';

import type { GroupRow, UnitRow, WarningRow } from '../feed/rows';
import { alarmsOf, soundOf } from './alarms';

const unit = (name: string, since: number | null, heard_by = ''): UnitRow =>
  ({ unit: name, emergency_at: since, heard_by, mayday: false, incident: null }) as UnitRow;
const warning = (id: string, level: 'warn' | 'alarm', raised_at: number, acknowledged_by = '', sound = true): WarningRow =>
  ({ id, what: 'travel', level, raised_at, acknowledged_by, sound, unit: 'E1', incident: 'i', text: id, owner: '' });

test('a responder in danger comes first, then alarms, then warnings, each the oldest first', () => {
  const found = alarmsOf([unit('E9', 50), unit('E2', null)], [warning('w', 'warn', 1), warning('b', 'alarm', 9), warning('a', 'alarm', 5)]);
  expect(found.map((one) => one.id)).toEqual(['emergency/E9', 'a', 'b', 'w']);
});

test('what somebody sees to by name is not shown again', () => {
  expect(alarmsOf([], [warning('w', 'alarm', 1, 'ann')])).toEqual([]);
});

test('an emergency sounds however quiet the console is, until it is answered for by name', () => {
  expect(soundOf(alarmsOf([unit('E9', 50)], []), true)).toBe('emergency');
  expect(soundOf(alarmsOf([unit('E9', 50, 'ann')], []), true)).toBe('none');
});

test('an alarm sounds unless the console is quiet or the budget of its owner is spent; a warning never does', () => {
  expect(soundOf(alarmsOf([], [warning('a', 'alarm', 1)]), false)).toBe('alarm');
  expect(soundOf(alarmsOf([], [warning('a', 'alarm', 1)]), true)).toBe('none');
  expect(soundOf(alarmsOf([], [warning('a', 'alarm', 1, '', false)]), false)).toBe('none');
  expect(soundOf(alarmsOf([], [warning('w', 'warn', 1)]), false)).toBe('none');
});

test('a group with pending items that nobody watches is an alarm until somebody takes it on by name', () => {
  const fire = (acknowledged_by: string): GroupRow => ({ id: 'fire', seats: [], alarm: { at: 3, why: 'unseen_needs', needs: ['i1/engine'], acknowledged_by } });
  const [alarm] = alarmsOf([], [], [fire('')]);
  expect([alarm?.text, alarm?.incident, alarm?.group]).toEqual(['Nobody watches fire: 1 pending item', 'i1', 'fire']);
  expect(soundOf([alarm as NonNullable<typeof alarm>], false)).toBe('alarm');
  expect(alarmsOf([], [], [fire('ann')])).toEqual([]);
});
