import { expect, test } from 'vitest';

import { chapters, differences, type Rows } from './changes';

const told = (before: Rows, after: Rows): [string, string, string[]][] =>
  chapters(differences(before, after)).flatMap((chapter) => chapter.told.map((one): [string, string, string[]] => [one.how, one.title, one.lines]));

const incident = (change: object): Record<string, unknown> => ({ number: '12', kind: 'Fire', priority: 2, status: 'Active', text: '1 A St', units: [], notes: [], ...change });

test('nothing that differs is nothing to tell', () => {
  expect(told({ 'unit/E1': { status: 'AQ' } }, { 'unit/E1': { status: 'AQ' } })).toEqual([]);
});

test('what came, what went, and what changed are told apart, incidents before units', () => {
  const before = { 'unit/E1': { status: 'AQ' }, 'call/c': { callback: '555', state: 'answered', seat: 'calls:1' } };
  const after = { 'unit/E1': { status: 'ENR' }, 'incident/i': incident({}) };
  expect(told(before, after)).toEqual([
    ['new', '#12 Fire', ['priority 2, 1 A St, waiting for units']],
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
