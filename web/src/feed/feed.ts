// What a seat knows: rows by key at one position. Pure, so that gaps and orders can be tested without a server.
import type { Frame, Snapshot } from '../api/types';

export type { Frame, Snapshot };

export interface Known {
  at: number;
  now: number;
  rows: Map<string, unknown>;
}

export const nothing = (): Known => ({ at: -1, now: 0, rows: new Map() });

export const isSnapshot = (message: Snapshot | Frame): message is Snapshot => 'at' in message;

/** Take a message; false for a frame that does not begin where we stand: the seat must start from a snapshot again. */
export function take(known: Known, message: Snapshot | Frame): boolean {
  if (isSnapshot(message)) {
    known.at = message.at;
    known.rows = new Map(Object.entries(message.rows));
  } else {
    if (message.from !== known.at) return false;
    known.at = message.to;
    for (const key of message.gone) known.rows.delete(key);
    for (const [key, row] of Object.entries(message.rows)) known.rows.set(key, row);
  }
  known.now = message.now;
  return true;
}
