// Signing on at a console: the first one of its kind that nobody else holds, for the groups that the city has.
import { get } from '../api/http';
import type { Snapshot } from '../api/types';
import { command } from '../api/commands';
import { newId } from '../api/ids';
import type { GroupRow, SeatRow } from '../feed/rows';

const MOST = 99;
const NOT_ASKED = 'No server answers: nobody can be signed on until one does.';

/** The console of this kind that a person takes: one they hold, the one they were given, else the first that is free. */
export function deskFor(kind: string, person: string, given: string, held: readonly SeatRow[]): string {
  const mine = held.find((seat) => seat.person === person && seat.id.startsWith(`${kind}:`));
  if (given.startsWith(`${kind}:`)) return given;
  if (mine !== undefined) return mine.id;
  const taken = new Set(held.filter((seat) => !seat.person.startsWith('robot:')).map((seat) => seat.id));
  for (let number = 1; number <= MOST; number++) if (!taken.has(`${kind}:${number}`)) return `${kind}:${number}`;
  return `${kind}:${MOST}`;
}

export interface SignedOn {
  seat: string;
  why: string; // '' or why nobody is signed on
}

export async function signOn(kind: string, person: string, given: string): Promise<SignedOn> {
  const rows = await get<Snapshot>('/api/views/dispatch.view.seats');
  if (!rows.ok) return { seat: deskFor(kind, person, given, []), why: rows.problem.status === 0 ? NOT_ASKED : 'Who sits where may not be seen in your role.' };
  const all = Object.entries(rows.body.rows);
  const held = all.filter(([key]) => key.startsWith('seat/')).map(([, row]) => row as SeatRow);
  const groups = all.filter(([key]) => key.startsWith('group/')).map(([, row]) => (row as GroupRow).id);
  const seat = deskFor(kind, person, given, held);
  if (held.some((one) => one.id === seat && one.person === person)) return { seat, why: '' };
  if (groups.length === 0) return { seat, why: 'This city has no dispatch groups: every seat sees everything.' };
  const watched = held.find((one) => one.id === seat)?.groups ?? groups;
  const answer = await command('/api/dispatch/sign-on', { seat, person, groups: watched }, newId('cmd', rows.body.now));
  return { seat, why: answer.ok ? '' : `Not signed on (${answer.problem.code.replaceAll('_', ' ')}).` };
}
