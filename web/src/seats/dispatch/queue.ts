// Which incidents wait for somebody, and which are worked.
import type { IncidentRow, PendingRow } from '../../feed/rows';
import type { Desk } from '../../frame/desk.svelte';

export const openUnits = (incident: IncidentRow): string[] =>
  incident.units.filter((part) => part.ended_at === null).map((part) => part.unit);

/** Nobody is on it, and somebody should be: nobody ever was, or something is still lacking. */
export const waits = (incident: IncidentRow, lacks: ReadonlyMap<string, string[]>): boolean =>
  openUnits(incident).length === 0 && (incident.units.length === 0 || lacks.has(incident.incident));

/** Everybody who was on it is done: it is to be closed. */
export const toClose = (incident: IncidentRow, lacks: ReadonlyMap<string, string[]>): boolean =>
  openUnits(incident).length === 0 && !waits(incident, lacks);

export function waitingCount(desk: Desk): number {
  const lacks = lacking(desk.link.rows<PendingRow>('pending'));
  return desk.link.rows<IncidentRow>('incident').filter((row) => waits(row, lacks)).length;
}

/** What each incident still lacks, in words: `1 ENGINE`, `2 of ALS`. */
export function lacking(rows: readonly PendingRow[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const row of rows) {
    const what = [...row.kinds, ...row.capabilities].join('/') || row.role || row.agency || 'unit';
    found.set(row.incident, [...(found.get(row.incident) ?? []), `${row.missing} ${what}`]);
  }
  return found;
}
