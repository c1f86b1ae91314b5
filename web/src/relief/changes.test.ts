import { expect, test } from 'vitest';

import type { Difference } from '../api/types';
import { chapters, differences, reliefChapters, type Rows } from './changes';

const told = (before: Rows, after: Rows): [string, string, string[]][] =>
  chapters(differences(before, after)).flatMap((chapter) => chapter.changes.map((one): [string, string, string[]] => [one.how, one.title, one.lines]));

const incident = (change: object): Record<string, unknown> => ({ number: '12', kind: 'Fire', priority: 2, status: 'Active', text: '1 A St', units: [], notes: [], ...change });

test('nothing that differs is nothing to tell', () => {
  expect(told({ 'unit/E1': { status: 'AQ' } }, { 'unit/E1': { status: 'AQ' } })).toEqual([]);
});

test('what came, what went, and what changed are told apart, incidents before units', () => {
  const before = { 'unit/E1': { status: 'AQ' }, 'call/c': { callback: '555', state: 'answered', seat: 'calls:1' } };
  const after = { 'unit/E1': { status: 'ENR' }, 'incident/i': incident({}) };
  expect(told(before, after)).toEqual([
    ['new', '#12 Fire, 1 A St', ['priority 2', 'waiting for units']],
    ['gone', 'Call 555', ['answered at calls:1']],
    ['changed', 'E1', ['in quarters → en route']],
  ]);
});

test('units of an incident are told by how far they have come, and notes by their words', () => {
  const part = (unit: string, stamps: object, ended_at: number | null = null): object => ({ unit, sequence: 1, stamps, ended_at });
  const before = { 'incident/i': incident({ units: [part('E1', { dispatched: 1 }), part('M1', { dispatched: 1 })], notes: [{ at: 1, text: 'old' }] }) };
  const after = {
    'incident/i': incident({
      units: [part('E1', { dispatched: 1, en_route: 2 }), part('M1', { dispatched: 1 }, 5), part('L1', { dispatched: 4 })],
      notes: [{ at: 1, text: 'old' }, { at: 3, text: 'door locked' }],
    }),
  };
  expect(told(before, after)[0]?.[2]).toEqual(['E1 en route', 'M1 is done', 'L1 sent: alerted', '“door locked”']);
});

test('what an incident lacks is said by what is missing', () => {
  const need = (change: object): Record<string, unknown> => ({ number: '9', missing: 1, kinds: [], capabilities: [], role: '', agency: 'fire', need: 'n', ...change });
  expect(told({}, { 'pending/i/a': need({ kinds: ['medic'] }), 'pending/i/b': need({}) }).map((one) => one[1])).toEqual(['#9 lacks 1 medic', '#9 lacks 1 fire']);
});

test('a unit that only moved is no news', () => {
  expect(told({ 'unit/E1': { x: 1, y: 1, seen_at: 1 } }, { 'unit/E1': { x: 2, y: 2, seen_at: 9 } })).toEqual([]);
});

const reliefOf = (...differing: Difference[]): ReturnType<typeof reliefChapters> => reliefChapters(differing);

test('new incidents come first, the more urgent before the others, with who is on them', () => {
  const row = { number: '12', kind: 'Fire', text: '1 Oak St', priority: 3, status: 'Active', units: [{ unit: 'E1', ended_at: null }] };
  const found = reliefOf(
    { key: 'unit/E1', how: 'changed', fields: { status: ['AQ', 'ENR'], since: [1, 2] }, row: {} },
    { key: 'incident/i1', how: 'new', row }, { key: 'incident/i2', how: 'new', row: { ...row, number: '13', priority: 1, units: [] } },
  );
  expect(found.map((one) => one.title)).toEqual(['New incidents', 'Units']);
  expect(found[0]?.changes.map((one) => one.title)).toEqual(['#13 Fire, 1 Oak St', '#12 Fire, 1 Oak St']);
  expect(found[0]?.changes[1]?.lines).toEqual(['priority 3', 'waiting for units', 'E1']);
  expect(found[1]?.changes[0]?.lines).toEqual(['in quarters → en route']);
});

test('what changed in an incident is said, not which field; what only ticks is left out', () => {
  const part = (unit: string, ended_at: number | null = null): Record<string, unknown> => ({ unit, sequence: 1, stamps: {}, ended_at });
  const found = reliefOf(
    { key: 'incident/i1', how: 'changed', row: { number: '12', kind: 'Fire', text: 'x' }, fields: {
      priority: [3, 1], units: [[part('E1')], [part('E1', 5), part('E2')]], notes: [[{ at: 1, text: 'old' }], [{ at: 1, text: 'old' }, { at: 2, text: 'door is locked' }]],
    } },
    { key: 'incident/i2', how: 'changed', row: { number: '13' }, fields: { placed_at: [1, 2] } },
    { key: 'unit/E3', how: 'changed', row: {}, fields: { seen_at: [1, 2], x: [1, 2] } },
  );
  expect(found).toHaveLength(1);
  expect(found[0]?.changes[0]?.lines).toEqual(['priority 3 → 1', 'E1 is done', 'E2 sent: assigned', '“door is locked”']);
});

test('a unit in danger is said in words, and no field as a number', () => {
  expect(told({ 'unit/E1': { emergency_at: null } }, { 'unit/E1': { emergency_at: 5 } })[0]?.[2]).toEqual(['EMERGENCY']);
});
