// Finding while no server reads lines: as `f` finds there (dispatch/bar/finding), in the rows that were heard last. Pure.
import type { Candidate } from '../api/types';
import type { CallRow, IncidentRow, UnitRow } from '../feed/rows';
import { incidentWords, statusWords } from '../words/words';

export interface Local {
  incidents: readonly IncidentRow[];
  units: readonly UnitRow[];
  calls: readonly CallRow[];
}

const MOST = 20;
const DIGITS = 4; // fewer are in every number

/** What a line asks to find, '' where it asks for anything else. */
export const wanted = (line: string): string => /^\s*(?:f|find)\s+(.*\S)\s*$/i.exec(line)?.[1] ?? '';

/** Units, then incidents with the newest first, then calls, in which every word stands; a call by the digits of its number too. */
export function find(what: string, { incidents, units, calls }: Local): Candidate[] {
  const words = what.toLowerCase().replace(/^#/, '').split(/\s+/);
  const digits = what.replace(/\D/g, '');
  const numberOf = new Map(incidents.map((row) => [row.incident, row.number || row.incident.slice(-4)]));
  const holds = (text: string): boolean => words.every((word) => text.toLowerCase().includes(word));
  const newest = [...incidents].sort((a, b) => b.opened_at - a.opened_at);
  return [
    ...units.filter((row) => holds(`${row.unit} ${row.kind} ${row.station}`)).map((row) => ({
      part: 'unit', text: row.unit, key: `unit/${row.unit}`,
      meaning: `${row.unit}: ${statusWords(row.status)}${row.incident === null ? '' : `, #${numberOf.get(row.incident) ?? row.incident}`}`,
    })),
    ...newest.filter((row) => holds(`${row.number} ${row.incident} ${row.kind} ${row.text} ${row.municipality} ${row.notes.map((note) => note.text).join(' ')}`)).map((row) => ({
      part: 'incident', text: row.number, key: `incident/${row.incident}`,
      meaning: `#${numberOf.get(row.incident)} ${row.kind || 'type not said'}, ${row.text || 'place not known'}, ${incidentWords(row.status)}`,
    })),
    ...calls.filter((row) => holds(`${row.callback} ${row.text}`) || (digits.length >= DIGITS && row.callback.replace(/\D/g, '').includes(digits))).map((row) => ({
      part: 'call', text: row.callback, key: `call/${row.call}`, meaning: `${row.callback || 'number withheld'}, ${row.text || 'place not known'}`,
    })),
  ].slice(0, MOST);
}
