// Which units a seat's board shows: those of the groups that it watches, and whoever it must not lose sight of. Pure.
import type { GroupRow, IncidentRow, PendingRow, SeatRow, UnitRow } from '../../feed/rows';

/** The groups that a seat watches: its own, and those that are combined into them. */
export function groupsOf(seat: SeatRow | undefined, groups: readonly GroupRow[]): GroupRow[] {
  const own = new Set(seat?.groups ?? []);
  return groups.filter((one) => own.has(one.id) || (one.combined_into !== undefined && own.has(one.combined_into)));
}

/**
 * As the server has it (`rules/coverage.py`): agencies and areas that a group does not name are all of them. A fleet and a
 * table of groups may come from two lists that write the same agency `Police` and `police`: that hides nobody.
 */
export function takes(group: GroupRow, agency: string, zones: Readonly<Record<string, string>>): boolean {
  const [agencies, areas] = [group.agencies ?? [], group.areas ?? []];
  if (agencies.length > 0 && agency !== '' && !agencies.some((one) => one.toLowerCase() === agency.toLowerCase())) return false;
  return areas.length === 0 || areas.some((area) => (zones[area.layer] ?? area.zone) === area.zone);
}

/**
 * The names of the units that are shown. A seat that watches no group sees every unit, and so does each of one whose
 * agency no group names: nobody is hidden because nobody said whose they are. Never hidden is a unit in emergency, one
 * that works on an incident of the groups, or one that is selected.
 */
export function shownUnits(
  units: readonly UnitRow[], mine: readonly GroupRow[], all: readonly GroupRow[], incidents: readonly IncidentRow[], pending: readonly PendingRow[],
  kept: readonly string[] = [],
): Set<string> {
  if (mine.length === 0) return new Set(units.map((one) => one.unit));
  const agencyOf = new Map(units.map((one) => [one.unit, one.agency]));
  const named = new Set(all.flatMap((one) => one.agencies ?? []).map((one) => one.toLowerCase()));
  const ids = new Set(mine.map((one) => one.id));
  const owed = new Set(pending.filter((row) => row.groups.some((group) => ids.has(group))).map((row) => row.incident));
  const sent = new Set<string>();
  for (const one of incidents) {
    const working = one.units.filter((part) => part.ended_at === null).map((part) => part.unit);
    const ours = owed.has(one.incident) || working.some((name) => mine.some((group) => takes(group, agencyOf.get(name) ?? '', one.zones)));
    if (ours) working.forEach((name) => sent.add(name));
  }
  const shown = (one: UnitRow): boolean =>
    one.emergency_at !== null || sent.has(one.unit) || kept.includes(one.unit) || !named.has(one.agency.toLowerCase()) || mine.some((group) => takes(group, one.agency, {}));
  return new Set(units.filter(shown).map((one) => one.unit));
}
