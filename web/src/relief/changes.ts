// What differs between two moments, in words: for a relief, who reads it in a minute, and for who looks back. Pure, from rows.
import type { Difference } from '../api/types';
import type { AssignmentRow } from '../feed/rows';
import { incidentWords, statusWords, timeline } from '../words/words';

export type Row = Record<string, unknown>;
export type Rows = Record<string, Row>;

export interface Change {
  key: string;
  kind: string; // of the row
  how: string; // new, gone, changed
  incident: string; // which it is or belongs to, '' for none
  title: string;
  priority: number; // of an incident, 0 for others
  lines: string[];
}

export interface Chapter {
  title: string;
  changes: Change[];
}

const KINDS: [string, string][] = [['incident', 'Incidents'], ['pending', 'What is lacking'], ['call', 'Calls'], ['unit', 'Units'], ['seat', 'Seats'], ['group', 'Groups']];
// Fields that move by themselves, or that another field tells better.
const QUIET = new Set([
  'since', 'seen_at', 'placed_at', 'rank', 'similar', 'primary', 'calls', 'overdue', 'x', 'y', 'secondaries', 'lost_at', 'quality', 'spoken_of_by', 'links', 'zones', 'replaces', 'mayday',
]);
const NAMED: Record<string, string> = { kind: 'type', text: 'place', alarm_level: 'alarm', heard_by: 'heard by' };

/** Rows that are new, gone or changed between two sets of them. */
export function differences(before: Rows, after: Rows): Difference[] {
  const found: Difference[] = [];
  for (const key of [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()) {
    const [was, now] = [before[key], after[key]];
    if (was === undefined && now !== undefined) found.push({ key, how: 'new', row: now });
    else if (now === undefined && was !== undefined) found.push({ key, how: 'gone', row: was });
    else if (was !== undefined && now !== undefined) {
      const names = [...new Set([...Object.keys(was), ...Object.keys(now)])].filter((name) => JSON.stringify(was[name]) !== JSON.stringify(now[name]));
      if (names.length > 0) found.push({ key, how: 'changed', fields: Object.fromEntries(names.map((name) => [name, [was[name], now[name]]])), row: now });
    }
  }
  return found;
}

/** By kind; what changed in nothing that is worth a word is left out. */
export function chapters(differing: readonly Difference[]): Chapter[] {
  const told = worth(differing);
  return filled(KINDS.map(([kind, title]) => ({ title, changes: told.filter((one) => one.kind === kind) })));
}

/** In the order in which it matters to who takes over; incidents with the most urgent first. */
export function reliefChapters(differing: readonly Difference[]): Chapter[] {
  const told = worth(differing);
  const of = (kind: string, ...hows: string[]): Change[] => told.filter((one) => one.kind === kind && (hows.length === 0 || hows.includes(one.how)));
  const urgent = (changes: Change[]): Change[] => changes.sort((a, b) => a.priority - b.priority || a.title.localeCompare(b.title));
  return filled([
    { title: 'New incidents', changes: urgent(of('incident', 'new')) },
    { title: 'Incidents that changed', changes: urgent(of('incident', 'changed')) },
    { title: 'Incidents that are over', changes: urgent(of('incident', 'gone')) },
    { title: 'Still lacking, and new', changes: of('pending', 'new') },
    { title: 'Units', changes: of('unit') },
    { title: 'Calls', changes: of('call', 'new', 'gone') },
  ]);
}

const worth = (differing: readonly Difference[]): Change[] => differing.map(tell).filter((one) => one.how !== 'changed' || one.lines.length > 0);
const filled = (all: Chapter[]): Chapter[] => all.filter((chapter) => chapter.changes.length > 0);

function tell({ key, how, fields = {}, row = {} }: Difference): Change {
  const kind = key.slice(0, key.indexOf('/'));
  const name = key.slice(key.indexOf('/') + 1);
  const lines = how === 'changed' ? Object.entries(fields).flatMap(([field, [was, now]]) => fieldLines(kind, field, was, now)) : summary(kind, row);
  const incident = kind === 'incident' ? name : kind === 'pending' ? said(row['incident'], '') : '';
  return { key, kind, how, incident, title: titleOf(kind, name, row), priority: kind === 'incident' ? Number(row['priority'] ?? 0) : 0, lines };
}

const said = (value: unknown, nothing = 'nothing'): string => (value == null || value === '' ? nothing : String(value));

function titleOf(kind: string, name: string, row: Row): string {
  const number = `#${said(row['number'], name.slice(-4))}`;
  if (kind === 'incident') return `${number} ${said(row['kind'], 'type not said')}, ${said(row['text'], 'place not known')}`;
  if (kind === 'pending') return `${number} lacks ${said(row['missing'])} ${wanted(row)}`;
  if (kind === 'call') return `Call ${said(row['callback'], 'without a number')}`;
  return name;
}

const wanted = (row: Row): string =>
  [...((row['kinds'] as string[]) ?? []), ...((row['capabilities'] as string[]) ?? [])].join('/') || said(row['role'] || row['agency'] || row['need']);

/** What is said of a row that has come or gone. */
function summary(kind: string, row: Row): string[] {
  if (kind === 'incident') {
    const units = ((row['units'] ?? []) as AssignmentRow[]).filter((part) => part.ended_at === null).map((part) => part.unit);
    return [`priority ${said(row['priority'])}`, incidentWords(said(row['status'])), ...(units.length > 0 ? [units.join(', ')] : [])];
  }
  if (kind === 'pending') return row['watched'] === false ? ['nobody watches it'] : [];
  if (kind === 'unit') return [statusWords(said(row['status']))];
  if (kind === 'call') return [`${said(row['state']).replaceAll('_', ' ')}${row['seat'] ? ` at ${row['seat']}` : ''}`];
  if (kind === 'seat') return [`${said(row['person'])} for ${((row['groups'] as string[]) ?? []).join(', ') || 'no group'}`];
  return [];
}

function fieldLines(kind: string, name: string, was: unknown, now: unknown): string[] {
  if (name === 'x' && kind === 'incident') return ['its position was changed'];
  if (QUIET.has(name) || (kind === 'unit' && name === 'incident')) return []; // the incident says who is on it
  const words = kind === 'unit' ? statusWords : incidentWords;
  if (name === 'status') return [`${words(said(was))} → ${words(said(now))}`];
  if (name === 'units' && kind === 'incident') return assignmentLines((was as AssignmentRow[]) ?? [], (now as AssignmentRow[]) ?? []);
  if (name === 'notes') return ((now as { text: string }[]) ?? []).slice(((was as unknown[]) ?? []).length).map((note) => `“${note.text}”`);
  if (name === 'emergency_at') return [now == null ? 'emergency over' : 'EMERGENCY'];
  const named = NAMED[name] ?? name.replaceAll('_', ' ');
  if (typeof was === 'object' || typeof now === 'object') return [`${named} changed${was === null || now === null ? `: ${plain(was)} → ${plain(now)}` : ''}`];
  return [`${named} ${said(was)} → ${said(now)}`];
}

const plain = (value: unknown): string => (typeof value === 'object' && value !== null ? 'something' : said(value));

/** Which units were sent, how far each has come, which are done. */
function assignmentLines(was: readonly AssignmentRow[], now: readonly AssignmentRow[]): string[] {
  const before = new Map(was.map((part) => [part.unit + part.sequence, part]));
  const lines: string[] = [];
  for (const part of now) {
    const then = before.get(part.unit + part.sequence);
    const last = timeline(part.stamps).at(-1)?.name ?? 'assigned';
    if (then === undefined) lines.push(`${part.unit} sent: ${last}`);
    else if (part.ended_at !== null && then.ended_at === null) lines.push(`${part.unit} is done`);
    else if (JSON.stringify(then.stamps) !== JSON.stringify(part.stamps)) lines.push(`${part.unit} ${last}`);
  }
  return lines;
}
