// Dispatch groups: who watches what, and what nobody watches. Pure.
import type { GroupRow, PendingRow, SeatRow } from '../feed/rows';

export interface GroupLine {
  group: GroupRow;
  mine: boolean; // the seat signed on to it by name
  through: string; // it is watched through this one, '' for by itself
  watched: string[]; // seats
  alarm: boolean; // pending items, and nobody watches
}

/** The groups in the order of their names, as a seat sees them. */
export function linesOf(groups: readonly GroupRow[], mine: readonly string[]): GroupLine[] {
  return [...groups]
    .sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }))
    .map((group) => ({
      group, mine: mine.includes(group.id), through: group.combined_into ?? '', watched: group.seats, alarm: group.alarm != null,
    }));
}

/** Groups into which one can be combined: neither is combined already, and nothing was combined into the first. */
export function combinable(group: GroupRow, groups: readonly GroupRow[]): GroupRow[] {
  const carries = groups.some((one) => one.combined_into === group.id);
  if (carries || group.combined_into) return [];
  return groups.filter((one) => one.id !== group.id && !one.combined_into);
}

/** Seats of others that can be relieved: those that were lost first, they have nobody; then those of one's own kind. */
export function relievable(seats: readonly SeatRow[], own: string): SeatRow[] {
  const kind = (id: string): string => id.split(':')[0] ?? '';
  const rank = (seat: SeatRow): number => (seat.lost_at !== null ? 0 : kind(seat.id) === kind(own) ? 1 : 2);
  return seats.filter((seat) => seat.id !== own).sort((a, b) => rank(a) - rank(b) || a.id.localeCompare(b.id, 'en', { numeric: true }));
}

/** Needs that no signed-on seat covers. */
export const unwatched = (pending: readonly PendingRow[]): PendingRow[] => pending.filter((row) => !row.watched);
