// The guided first act of a demo's seat: three steps, each done when the seat shows that it was. Pure.
import type { AssignmentRow, CallRow, IncidentRow } from '../feed/rows';

/** What the steps are told by: what is selected at the seat, and what was typed for it. */
export interface Seen {
  desk: string; // the console
  call: CallRow | undefined;
  incident: IncidentRow | undefined;
  waited: boolean; // the selected incident was seen here while nobody was on it
  typed: boolean; // a place and a type stand on the card
  listed: boolean; // the keyboard stands in a list
}

export interface Step {
  says: string;
  key: string;
  done: (seen: Seen) => boolean;
}

export const sent = (parts: readonly AssignmentRow[]): boolean => parts.some((part) => part.ended_at === null);

export const ACTS: Record<string, readonly [Step, Step, Step]> = {
  calls: [
    { says: 'answers the call that rings longest', key: 'F2', done: ({ call, desk }) => call !== undefined && call.seat === desk },
    { says: 'moves on: write the place as you hear it, then the type', key: 'Tab', done: ({ typed, call }) => typed || (call?.incident ?? '') !== '' },
    { says: 'sends it to dispatch', key: 'F8', done: ({ call }) => (call?.incident ?? '') !== '' },
  ],
  dispatch: [
    { says: 'goes to what waits; arrows move', key: 'F2', done: ({ listed, incident }) => listed || incident !== undefined },
    { says: 'selects one: its card says who should go, and why', key: 'Enter', done: ({ incident }) => incident !== undefined },
    { says: 'sends exactly who is shown', key: 'F8', done: ({ incident, waited }) => waited && incident !== undefined && sent(incident.units) },
  ],
};

/** How many steps are done: in their order, and never fewer than before. */
export function stepsDone(steps: readonly Step[], seen: Seen, before: number): number {
  let done = before;
  while (done < steps.length && (steps[done] as Step).done(seen)) done += 1;
  return done;
}
