// What a seat knows: rows by key at one position. Pure, so that gaps and orders can be tested without a server.

export interface Snapshot {
  at: number;
  now: number;
  rows: Record<string, unknown>;
}

export interface Frame {
  from: number;
  to: number;
  now: number;
  rows: Record<string, unknown>;
  gone: string[];
}

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

/** Rows of one kind, in the order of their keys. */
export function rowsOf<Row>(known: Known, kind: string): Row[] {
  const prefix = `${kind}/`;
  const keys = [...known.rows.keys()].filter((key) => key.startsWith(prefix)).sort();
  return keys.map((key) => known.rows.get(key) as Row);
}

/** One row, or undefined. */
export const rowOf = <Row>(known: Known, key: string): Row | undefined => known.rows.get(key) as Row | undefined;
