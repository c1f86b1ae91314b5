// What differs between two moments, in words. Pure, from rows.
import type { Difference } from '../../api/types';
import type { AssignmentRow } from '../../feed/rows';
import { incidentWords, statusWords, timeline } from '../../words/words';

export type Rows = Record<string, Record<string, unknown>>;

export interface Told {
  key: string;
  how: string; // new, gone, changed
  title: string;
  lines: string[];
}

export interface Chapter {
  kind: string;
  title: string;
  told: Told[];
}

const KINDS: [string, string][] = [['incident', 'Incidents'], ['pending', 'What is lacking'], ['call', 'Calls'], ['unit', 'Units'], ['seat', 'Seats'], ['group', 'Groups']];
// Fields that move by themselves, or that another field tells better.
const QUIET = new Set(['since', 'seen_at', 'placed_at', 'rank', 'similar', 'primary', 'calls', 'overdue', 'y', 'secondaries', 'lost_at', 'quality', 'spoken_of_by', 'links', 'zones', 'replaces']);

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

/** By kind, in the order in which a relief asks; what changed in nothing that is worth a word is left out. */
export function chapters(changes: readonly Difference[]): Chapter[] {
  return KINDS.map(([kind, title]) => ({
    kind, title,
    told: changes.filter((one) => one.key.startsWith(`${kind}/`)).map(tell).filter((one) => one.how !== 'changed' || one.lines.length > 0),
  })).filter((chapter) => chapter.told.length > 0);
}

function tell(one: Difference): Told {
  const kind = one.key.slice(0, one.key.indexOf('/'));
  const row = one.row ?? {};
  const lines = one.how === 'changed' ? Object.entries(one.fields ?? {}).flatMap(([name, [was, now]]) => fieldLines(kind, name, was, now)) : summary(kind, row);
  return { key: one.key, how: one.how, title: titleOf(kind, one.key, row), lines };
}

const text = (value: unknown): string => (value == null || value === '' ? 'nothing' : String(value));

function titleOf(kind: string, key: string, row: Record<string, unknown>): string {
  if (kind === 'incident') return `#${text(row['number'])} ${row['kind'] || 'type not said'}`;
  if (kind === 'pending') return `#${text(row['number'])} lacks ${text(row['missing'])} ${wanted(row)}`;
  if (kind === 'call') return `Call ${row['callback'] || key.slice(-4)}`;
  return key.slice(key.indexOf('/') + 1);
}

const wanted = (row: Record<string, unknown>): string =>
  [...((row['kinds'] as string[]) ?? []), ...((row['capabilities'] as string[]) ?? [])].join('/') || text(row['role'] || row['agency'] || row['need']);

/** What is said of a row that has come or gone. */
function summary(kind: string, row: Record<string, unknown>): string[] {
  if (kind === 'incident') return [`priority ${text(row['priority'])}, ${row['text'] || 'place not told'}, ${incidentWords(text(row['status']))}`];
  if (kind === 'unit') return [statusWords(text(row['status']))];
  if (kind === 'call') return [`${text(row['state']).replaceAll('_', ' ')}${row['seat'] ? ` at ${row['seat']}` : ''}`];
  if (kind === 'seat') return [`${text(row['person'])} for ${((row['groups'] as string[]) ?? []).join(', ') || 'no group'}`];
  return [];
}

function fieldLines(kind: string, name: string, was: unknown, now: unknown): string[] {
  if (QUIET.has(name) || (kind === 'unit' && name === 'incident')) return []; // the incident says who is on it
  if (name === 'status') return [`${kind === 'unit' ? statusWords(text(was)) : incidentWords(text(was))} → ${kind === 'unit' ? statusWords(text(now)) : incidentWords(text(now))}`];
  if (name === 'units' && kind === 'incident') return assignmentLines((was as AssignmentRow[]) ?? [], (now as AssignmentRow[]) ?? []);
  if (name === 'notes') return ((now as { text: string }[]) ?? []).slice(((was as unknown[]) ?? []).length).map((note) => `“${note.text}”`);
  if (name === 'x') return [kind === 'unit' ? '' : 'its position was changed'].filter((line) => line !== '');
  if (typeof was === 'object' || typeof now === 'object') return [`${named(name)} changed${was === null || now === null ? `: ${plain(was)} → ${plain(now)}` : ''}`];
  return [`${named(name)}: ${text(was)} → ${text(now)}`];
}

const named = (name: string): string => name.replaceAll('_', ' ');
const plain = (value: unknown): string => (typeof value === 'object' && value !== null ? 'something' : text(value));

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
