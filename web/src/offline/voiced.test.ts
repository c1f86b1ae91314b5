import { expect, test } from 'vitest';

import { cardText, commandOf, contradictions, noteOf, numbersIn, timeOf, voicedWords, type Board, type Recorded, type Voiced } from './voiced';

const ZONE = 'America/Chicago';
const NOON = Date.UTC(2026, 0, 15, 18, 0, 0); // 12:00 in Chicago
const record = (said: Voiced, more: Partial<Recorded> = {}): Recorded =>
  ({ id: 'cmd_1', note: 'cmd_2', at: NOON, seat: 'dispatch:1', person: 'dan', incident: '12', said, ...more });
const board = (unit: Partial<{ status: string; since: number; incident: string | null }> = {}): Board => ({
  unit: (name) => (name === 'E2' ? { status: 'AQ', since: NOON - 60_000, incident: null, ...unit } : undefined),
  incident: (name) => (name === 'i1' ? { number: '12', units: [] } : undefined),
});
const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 19);

test('a status is entered at the time at which it was voiced, and leaves the incident where it says so', () => {
  expect(commandOf(record({ what: 'status', unit: 'E2', status: 'ONS', incident: 'i1' }), 'ENR')?.fields)
    .toEqual({ unit: 'E2', status: 'ONS', incident: 'i1', leaves: false, happened_at: NOON });
  expect(commandOf(record({ what: 'status', unit: 'E2', status: 'AR', incident: 'i1' }), 'ONS')?.fields).toMatchObject({ leaves: true });
});

test('whoever was sent by voice is not alerted a second time', () => {
  expect(commandOf(record({ what: 'dispatch', incident: 'i1', units: ['E2'] }), '')?.fields).toMatchObject({ units: ['E2'], alerted: false });
});

test('nothing speaks against a record that the board has not overtaken', () => {
  for (const said of [
    { what: 'dispatch', incident: 'i1', units: ['E2'] }, { what: 'note', incident: 'i1', text: 'door is locked' },
    { what: 'status', unit: 'E2', status: 'AR', incident: '' },
  ] as Voiced[]) expect(contradictions(record(said), board(), clock)).toEqual([]);
});

test('what the board knows better is a conflict in words', () => {
  const status: Voiced = { what: 'status', unit: 'E2', status: 'ENR', incident: 'i1' };
  expect(contradictions(record(status), board({ since: NOON + 1000, status: 'ONS' }), clock)).toEqual(['E2 has said since, at 18:00:01: on scene']);
  expect(contradictions(record(status), board({ incident: 'i2' }), clock)).toEqual(['E2 is not on that incident']);
  const sent: Voiced = { what: 'dispatch', incident: 'i1', units: ['E2', 'E9'] };
  expect(contradictions(record(sent), board({ incident: 'i1' }), clock)).toEqual(['E2 is on it already', 'E9 is no unit of this city']);
  expect(contradictions(record({ what: 'note', incident: 'i9', text: 'x' }), board(), clock)).toEqual(['that incident is closed by now, or never was']);
});

test('what the server holds against a card is said in words', () => {
  const card: Voiced = { what: 'incident', number: '', kind: 'fire', place: '', priority: 2, units: [], notes: [] };
  expect(contradictions(record(card, { conflicts: ['no_number', 'unit_on_two_incidents E2'] }), board(), clock))
    .toEqual(['the card has no reserved number', 'E2: the unit was elsewhere at that time']);
});

test('a new incident is a card as it is typed, with the times of the wall clock', () => {
  const card: Voiced = {
    what: 'incident', number: 'P-000017', kind: 'structure fire', place: '12 Oak St', priority: 1,
    units: [{ unit: 'E2', at: NOON + 60_000 }], notes: ['flames\nshowing'],
  };
  expect(cardText(record(card), ZONE)).toBe(
    'REDSTICK CARD P-000017\nDate: 2026-01-15\nOpened: 2026-01-15 12:00:00\nPlace: 12 Oak St\nKind: structure fire\nPriority: 1\n' +
    'Unit: E2, dispatched 2026-01-15 12:01:00\nNote: flames showing\n',
  );
});

test('what cannot be entered may be kept as a note of its incident, which says what it is', () => {
  expect(noteOf(record({ what: 'status', unit: 'E2', status: 'ONS', incident: 'i1' }), clock)?.fields)
    .toEqual({ incident: 'i1', text: 'Voiced at 18:00:00, while the link was down: E2 on scene, on #12' });
  expect(noteOf(record({ what: 'status', unit: 'E2', status: 'AR', incident: '' }), clock)).toBeUndefined();
});

test('a typed clock is of the last day that it can be of', () => {
  expect(timeOf('11:58', NOON, ZONE)).toBe(NOON - 120_000);
  expect(timeOf('12:00:30', NOON, ZONE)).toBe(NOON + 30_000 - 86_400_000);
  expect([timeOf('25:00', NOON, ZONE), timeOf('noon', NOON, ZONE)]).toEqual([undefined, undefined]);
});

test('the numbers of blank cards are read from what was printed', () => {
  expect(numbersIn('UNITS\n  E2 AQ\n\nREDSTICK CARD P-000017\nDate: ____\nREDSTICK CARD P-000018\n')).toEqual(['P-000017', 'P-000018']);
  expect(voicedWords(record({ what: 'incident', number: '', kind: '', place: '', priority: 3, units: [], notes: [] }))).toContain('without a number');
});
