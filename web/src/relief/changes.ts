// What changed while somebody else sat here, in the order in which it matters to who takes over. Pure.
import type { Difference, Differences } from '../api/types';
import type { AssignmentRow } from '../feed/rows';
import { incidentWords, statusWords } from '../words/words';

export interface Change {
  key: string;
  kind: 'incident' | 'unit' | 'call' | 'pending';
  name: string; // of the row: an incident's id, a unit
  title: string;
  priority: number; // of an incident, 0 for others
  words: string[];
}

export interface Section {
  title: string;
  changes: Change[];
}

type Row = Record<string, unknown>;

/** Sections with something in them: new incidents, those that changed, those that are over, units, calls, what is lacking. */
export function sections(told: Differences): Section[] {
  const of = (kind: string, how?: string): Difference[] => told.changes.filter((one) => one.key.startsWith(`${kind}/`) && (how === undefined || one.how === how));
  const found: Section[] = [
    { title: 'New incidents', changes: of('incident', 'new').map(incident) },
    { title: 'Incidents that changed', changes: of('incident', 'changed').map(incident).filter((one) => one.words.length > 0) },
    { title: 'Incidents that are over', changes: of('incident', 'gone').map(incident) },
    { title: 'Still lacking, and new', changes: of('pending', 'new').map(pending) },
    { title: 'Units', changes: of('unit').map(unit).filter((one) => one.words.length > 0) },
    { title: 'Calls', changes: of('call').filter((one) => one.how !== 'changed').map(call) },
  ];
  for (const section of found.slice(0, 3)) section.changes.sort((a, b) => a.priority - b.priority || a.title.localeCompare(b.title));
  return found.filter((section) => section.changes.length > 0);
}

const text = (value: unknown): string => (value === null || value === undefined ? '' : String(value));
const nameOf = (key: string): string => key.slice(key.indexOf('/') + 1);

function incident({ key, how, fields = {}, row = {} }: Difference): Change {
  const title = `#${text(row['number']) || nameOf(key).slice(-4)} ${text(row['kind']) || 'type not said'}, ${text(row['text']) || 'place not known'}`;
  return { key, kind: 'incident', name: nameOf(key), title, priority: Number(row['priority'] ?? 0), words: how === 'new' ? fresh(row) : changed(fields) };
}

function fresh(row: Row): string[] {
  const units = ((row['units'] ?? []) as AssignmentRow[]).filter((part) => part.ended_at === null).map((part) => part.unit);
  return [incidentWords(text(row['status'])), ...(units.length > 0 ? [units.join(', ')] : [])];
}

function changed(fields: Record<string, [unknown, unknown]>): string[] {
  const words: string[] = [];
  const say = (field: string, as: (was: string, is: string) => string): void => {
    const pair = fields[field];
    if (pair !== undefined) words.push(as(text(pair[0]), text(pair[1])));
  };
  say('priority', (was, is) => `priority ${was} → ${is}`);
  say('kind', (was, is) => `type ${was || 'not said'} → ${is}`);
  say('text', (was, is) => `place ${was || 'not known'} → ${is}`);
  say('status', (was, is) => `${incidentWords(was)} → ${incidentWords(is)}`);
  say('alarm_level', (_, is) => `alarm ${is}`);
  const units = fields['units'];
  if (units !== undefined) words.push(...crews(units[0] as AssignmentRow[] | null, units[1] as AssignmentRow[] | null));
  const notes = fields['notes'];
  if (notes !== undefined) words.push(...((notes[1] ?? []) as { text: string }[]).slice(((notes[0] ?? []) as unknown[]).length).map((note) => `“${note.text}”`));
  return words;
}

function crews(was: AssignmentRow[] | null, is: AssignmentRow[] | null): string[] {
  const open = (parts: AssignmentRow[] | null): string[] => (parts ?? []).filter((part) => part.ended_at === null).map((part) => part.unit);
  const [before, after] = [open(was), open(is)];
  const [came, went] = [after.filter((unit) => !before.includes(unit)), before.filter((unit) => !after.includes(unit))];
  return [...(came.length > 0 ? [`sent: ${came.join(', ')}`] : []), ...(went.length > 0 ? [`let go: ${went.join(', ')}`] : [])];
}

function unit({ key, how, fields = {} }: Difference): Change {
  const status = fields['status'];
  const words = how === 'new' ? ['on the roster'] : how === 'gone' ? ['off the roster'] : [];
  if (status !== undefined) words.push(`${statusWords(text(status[0]))} → ${statusWords(text(status[1]))}`);
  if (fields['emergency_at']?.[1] != null) words.push('EMERGENCY');
  return { key, kind: 'unit', name: nameOf(key), title: nameOf(key), priority: 0, words };
}

function call({ key, how, row = {} }: Difference): Change {
  return { key, kind: 'call', name: nameOf(key), title: text(row['callback']) || 'number withheld', priority: 0, words: [how === 'new' ? text(row['state']).replace('_', ' ') : 'over'] };
}

function pending({ key, row = {} }: Difference): Change {
  const what = [...((row['kinds'] ?? []) as string[]), ...((row['capabilities'] ?? []) as string[])].join('/') || text(row['need']);
  return { key, kind: 'pending', name: text(row['incident']), title: `${text(row['missing'])} ${what}`, priority: 0, words: row['watched'] === false ? ['nobody watches it'] : [] };
}
