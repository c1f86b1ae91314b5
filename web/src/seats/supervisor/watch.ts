// Who watches what, which groups nobody watches, and what each station can still send. Pure, from rows.
import type { StationCover } from '../../api/types';
import type { GroupRow, SeatRow, UnitRow, WarningRow } from '../../feed/rows';
import type { CityPage } from '../../map/city';
import type { Mark } from '../../map/living';

/** Groups whose alarm no one has answered for by name, the oldest first. */
export const unheard = (groups: readonly GroupRow[]): GroupRow[] =>
  groups.filter((one) => one.alarm != null && (one.alarm.acknowledged_by ?? '') === '').sort((a, b) => (a.alarm?.at ?? 0) - (b.alarm?.at ?? 0));

/** Groups that nobody watches: with an alarm, whoever has answered for it. */
export const unwatched = (groups: readonly GroupRow[]): GroupRow[] => groups.filter((one) => one.alarm != null);

/** What should have been heard and was not: sources that are improbably quiet. */
export const silences = (warnings: readonly WarningRow[]): WarningRow[] => warnings.filter((one) => one.what === 'silence');

/** Seats in the order of their numbers: those that lost their link first, for somebody must look after them. */
export const inOrder = (seats: readonly SeatRow[]): SeatRow[] =>
  [...seats].sort((a, b) => Number(b.lost_at !== null) - Number(a.lost_at !== null) || a.id.localeCompare(b.id, 'en', { numeric: true }));

export const isRobot = (person: string): boolean => /^robot[.:]/.test(person);

/** How many units of each primary status, in the order of how free they are. */
export function freedom(units: readonly UnitRow[]): { name: string; n: number }[] {
  const count = (test: (unit: UnitRow) => boolean): number => units.filter(test).length;
  const free = (unit: UnitRow): boolean => unit.incident === null && unit.primary === 'Available';
  return [
    { name: 'can be sent', n: count(free) },
    { name: 'if asked', n: count((unit) => unit.incident === null && unit.primary === 'ConditionallyAvailable') },
    { name: 'at work', n: count((unit) => unit.incident !== null) },
  ];
}

/** A disc for each station where it stands, with how many units it can still send; what can send the least lies above. */
export function coverMarks(stations: readonly StationCover[], city: CityPage | undefined): Mark[] {
  const places = new Map(city?.stations.map((one) => [one.id, one]));
  return [...stations].sort((a, b) => b.available - a.available).flatMap((one) => {
    const place = places.get(one.station);
    if (place === undefined) return [];
    return [{
      key: `station/${one.station}`, kind: 'station' as const, name: one.station, x: place.x, y: place.y,
      picture: one.available === 0 ? 'free-none-✕' : `free-some-${one.available}`, heading: 0,
      label: `${one.station}: ${one.available} of ${one.units}`, chosen: false, priority: 0, scene: false,
    }];
  });
}

/** What a station can send, by kind: `2 ENGINE, 1 AMBULANCE`. */
export const kindsOf = (one: StationCover): string =>
  Object.entries(one.kinds).map(([kind, n]) => `${n} ${kind || 'unit'}`).join(', ') || 'nothing';
