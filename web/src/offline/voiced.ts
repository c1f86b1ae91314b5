// What was said by voice while the link was down: as it was recorded, what it contradicts, and what it stands for. Pure.
// Nothing of it is ever asked by itself: a person enters each record, or drops it with a reason.
import type { CommandPath } from '../api/commands';
import type { Commands } from '../api/types';
import { isWorking, leaves, statusWords } from '../words/words';

export interface VoicedUnit {
  unit: string;
  at: number; // when it was sent
}

export type Voiced =
  | { what: 'status'; unit: string; status: string; incident: string }
  | { what: 'dispatch'; incident: string; units: string[] }
  | { what: 'cancel'; incident: string; unit: string }
  | { what: 'note'; incident: string; text: string }
  | { what: 'incident'; number: string; kind: string; place: string; priority: number; units: VoicedUnit[]; notes: string[] };

export interface Recorded {
  id: string; // of the command, or of the card: entering it twice does it once
  note: string; // id of the note that it may become instead
  at: number; // when it was voiced, by the city's clock
  seat: string;
  person: string;
  said: Voiced;
  incident: string; // as it was called on the screen, '' for none
  settled?: { how: 'entered' | 'dropped' | 'noted'; by: string; at: number; why: string };
  conflicts?: string[]; // what the server found, in its codes
}

/** What a record is held against: the board as it is once the link is back. */
export interface Board {
  unit: (name: string) => { status: string; since: number; incident: string | null } | undefined;
  incident: (name: string) => { number: string; units: { unit: string; ended_at: number | null }[] } | undefined;
}

export function voicedWords({ said, incident }: Recorded): string {
  switch (said.what) {
    case 'status':
      return `${said.unit} ${statusWords(said.status)}${incident === '' ? '' : `, on #${incident}`}`;
    case 'dispatch':
      return `${said.units.join(', ')} sent to #${incident}`;
    case 'cancel':
      return `${said.unit} cancelled from #${incident}`;
    case 'note':
      return `#${incident}: ${said.text}`;
    case 'incident':
      return `${said.number || 'a card without a number'}: ${said.kind || 'type not said'}, ${said.place || 'place not said'}`;
  }
}

/** Why a record cannot simply be entered, in words; none where nothing speaks against it. */
export function contradictions(record: Recorded, board: Board, clock: (ms: number) => string): string[] {
  const { said, at, conflicts = [] } = record;
  const found = conflicts.map(conflictWords);
  if (said.what === 'incident') return found;
  if (said.what !== 'status' || said.incident !== '') found.push(...ofIncident(said.incident, board));
  const names = said.what === 'dispatch' ? said.units : said.what === 'note' ? [] : [said.unit];
  for (const name of names) {
    const unit = board.unit(name);
    if (unit === undefined) found.push(`${name} is no unit of this city`);
    else if (unit.since > at) found.push(`${name} has said since, at ${clock(unit.since)}: ${statusWords(unit.status)}`);
    else if (said.what === 'dispatch') found.push(...whileSent(name, unit, said.incident, board));
    else if (said.what === 'status' && said.incident !== '' && unit.incident !== said.incident) found.push(`${name} is not on that incident`);
    else if (said.what === 'cancel' && unit.incident !== said.incident) found.push(`${name} is not on that incident any more`);
  }
  return found;
}

function ofIncident(name: string, board: Board): string[] {
  return board.incident(name) === undefined ? ['that incident is closed by now, or never was'] : [];
}

function whileSent(name: string, unit: { status: string; incident: string | null }, incident: string, board: Board): string[] {
  if (unit.incident === incident) return [`${name} is on it already`];
  if (unit.incident !== null) return [`${name} works on #${board.incident(unit.incident)?.number ?? unit.incident}`];
  return isWorking(unit.status) ? [`${name} is ${statusWords(unit.status)}`] : [];
}

const CONFLICTS: Record<string, string> = {
  no_number: 'the card has no reserved number', number_not_reserved: 'its number was reserved for nobody',
  number_entered_before: 'a card of this number was entered already', unit_unknown: 'no such unit', unit_twice: 'the unit stands on it twice',
  unit_on_two_incidents: 'the unit was elsewhere at that time', times_run_backwards: 'its times run backwards',
  time_ahead: 'a time lies ahead', no_place: 'it names no place',
};

const conflictWords = (told: string): string => {
  const [code = '', unit = ''] = told.split(' ');
  return `${unit === '' ? '' : `${unit}: `}${CONFLICTS[code] ?? code.replaceAll('_', ' ')}`;
};

export interface Asked<Path extends CommandPath = CommandPath> {
  path: Path;
  fields: Commands[Path];
}

const asked = <Path extends CommandPath>(path: Path, fields: Commands[Path]): Asked => ({ path, fields });

/**
 * The command that a record stands for, to be asked with the record's time. Whoever was sent by voice is not alerted
 * again; a new incident is no command, but a card (`cardText`).
 */
export function commandOf({ said, at }: Recorded, from: string): Asked | undefined {
  switch (said.what) {
    case 'status':
      return asked('/api/dispatch/report-status', {
        unit: said.unit, status: said.status, incident: said.incident, leaves: said.incident !== '' && leaves(from, said.status), happened_at: at,
      });
    case 'dispatch':
      return asked('/api/dispatch/assign-units', { incident: said.incident, units: said.units, alerted: false, despite: 'sent by voice while the link was down' });
    case 'cancel':
      return asked('/api/dispatch/release-unit', { incident: said.incident, unit: said.unit, ending: 'withdrawn' });
    case 'note':
      return asked('/api/dispatch/add-note', { incident: said.incident, text: said.text });
    case 'incident':
      return undefined;
  }
}

/** A record that cannot be entered may stay in the narrative of its incident, as what it is. */
export function noteOf(record: Recorded, clock: (ms: number) => string): Asked | undefined {
  const { said } = record;
  if (said.what === 'incident' || said.incident === '') return undefined;
  return asked('/api/dispatch/add-note', { incident: said.incident, text: `Voiced at ${clock(record.at)}, while the link was down: ${voicedWords(record)}` });
}

/** A new incident as a card is typed (dispatch/cards/form). Times are those of the wall clock in `zone`. */
export function cardText({ said, at }: Recorded, zone: string): string {
  if (said.what !== 'incident') throw new Error('only a new incident is a card');
  const moment = (ms: number): string => `${wallDay(ms, zone)} ${wallClock(ms, zone)}`;
  const line = (name: string, value: string): string => (value === '' ? '' : `${name}: ${value.replaceAll('\n', ' ')}\n`);
  return `REDSTICK CARD ${said.number}\nDate: ${wallDay(at, zone)}\nOpened: ${moment(at)}\n${line('Place', said.place)}${line('Kind', said.kind)}` +
    `Priority: ${said.priority}\n${said.units.map((one) => `Unit: ${one.unit}, dispatched ${moment(one.at)}\n`).join('')}` +
    said.notes.map((note) => line('Note', note)).join('');
}

const wallDay = (ms: number, zone: string): string => new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit', timeZone: zone }).format(ms);

const wallClock = (ms: number, zone: string): string =>
  new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', timeZone: zone }).format(ms);

/** A clock that was typed (`14:05` or `14:05:30`), on the day of `near`, never after it; undefined where it is none. */
export function timeOf(typed: string, near: number, zone: string): number | undefined {
  const found = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(typed.trim());
  if (found === null) return undefined;
  const [h, m, s] = [Number(found[1]), Number(found[2]), Number(found[3] ?? 0)];
  if (h > 23 || m > 59 || s > 59) return undefined;
  const [nowH = 0, nowM = 0, nowS = 0] = wallClock(near, zone).split(':').map(Number);
  const back = (nowH * 3600 + nowM * 60 + nowS) - (h * 3600 + m * 60 + s);
  return near - (near % 1000) - (back < 0 ? back + 86_400 : back) * 1000;
}

/** The numbers of the blank cards in what a seat was given to print. */
export const numbersIn = (printed: string): string[] => [...printed.matchAll(/^REDSTICK CARD (P-\d+)$/gm)].map((found) => found[1] as string);
