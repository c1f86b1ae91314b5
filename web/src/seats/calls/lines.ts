// Calls in the order in which they are to be taken, and what lies near a place.
import type { CallRow, CallbackRow, IncidentRow } from '../../feed/rows';
import { metres, type Placed } from '../dispatch/card/near';

export const [HELD_SOON_MS, HELD_LATE_MS] = [30_000, 60_000];
const NEAR_M = 300;
const SHOWN = 4;

export interface Lines {
  ringing: CallRow[]; // and those whose seat is gone while they are spoken: nobody speaks with them
  mine: CallRow[];
  held: CallRow[]; // by anybody
  elsewhere: CallRow[]; // spoken at other seats
}

/** Each call once, the longest waiting first. */
export function linesOf(calls: readonly CallRow[], seat: string): Lines {
  const byAge = [...calls].sort((a, b) => a.received_at - b.received_at || a.call.localeCompare(b.call));
  const spoken = byAge.filter((call) => !rings(call));
  const talking = spoken.filter((call) => call.state !== 'on_hold');
  return {
    ringing: byAge.filter(rings),
    mine: talking.filter((call) => call.seat === seat),
    held: spoken.filter((call) => call.state === 'on_hold'),
    elsewhere: talking.filter((call) => call.seat !== seat),
  };
}

/** Whether a call is anybody's to answer. */
export const rings = (call: CallRow): boolean => call.state === 'presented' || call.left === true;

export interface Neighbour {
  row: IncidentRow;
  metres: number;
}

/** Open incidents near a place, the nearest first. */
export function nearby(incidents: readonly IncidentRow[], place: Placed): Neighbour[] {
  return incidents
    .flatMap((row) => {
      const far = metres(row, place);
      return far === undefined || far > NEAR_M + row.uncertainty_m ? [] : [{ row, metres: far }];
    })
    .sort((a, b) => a.metres - b.metres)
    .slice(0, SHOWN);
}

const [AGEING_MS, LEVELS] = [300_000, 5];

/** As the server has it (`rules/callbacks.py`): waiting raises it, ringing again does once, and each attempt lowers it. */
const urgency = (one: CallbackRow, now: number): number =>
  Math.min(LEVELS, Math.max(1, 3 - Math.floor(Math.max(0, now - one.since) / AGEING_MS) - Math.min(1, one.calls.length - 1) + one.attempts.length));

/** Exhausted ones are a person's to close and come first; then by urgency, of equal ones that which waits longest. */
export const callbacksInOrder = (rows: readonly CallbackRow[], now: number): CallbackRow[] =>
  [...rows].sort((a, b) => Number(b.exhausted) - Number(a.exhausted) || urgency(a, now) - urgency(b, now) || a.since - b.since);
