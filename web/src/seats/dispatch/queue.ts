// Which incidents wait for somebody, and which are worked.
import type { IncidentRow, PendingRow } from '../../feed/rows';
import type { Desk } from '../../frame/desk.svelte';

export const openUnits = (incident: IncidentRow): string[] =>
  incident.units.filter((part) => part.ended_at === null).map((part) => part.unit);

/** Nobody is sent yet: it waits. */
export const waits = (incident: IncidentRow): boolean => openUnits(incident).length === 0;

export const waitingCount = (desk: Desk): number => desk.link.rows<IncidentRow>('incident').filter(waits).length;

/** What each incident still lacks, in words: `1 ENGINE`, `2 of ALS`. */
export function lacking(rows: readonly PendingRow[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const row of rows) {
    const what = [...row.kinds, ...row.capabilities].join('/') || row.role || row.agency || 'unit';
    found.set(row.incident, [...(found.get(row.incident) ?? []), `${row.missing} ${what}`]);
  }
  return found;
}
