// Rejections in words: what happened, what was kept, what to do.
import type { Problem } from './types';
import { statusWords } from '../words/words';

type Data = Record<string, unknown>;

const PIN_WHY: Record<string, string> = {
  is_the_number: 'A PIN must not have the telephone number in it.',
  one_digit: 'A PIN of one digit only is guessed at once.',
  in_a_row: 'Digits in a row are guessed at once.',
  repeated: 'Digits that repeat are guessed at once.',
};

const WORDS: Record<string, (data: Data) => string> = {
  no_link: () => 'No answer came. Nothing is sent later by itself; what you typed is kept. The board shows whether it was done.',
  not_signed_in: () => 'The session has ended. Sign in again; what you typed is kept.',
  sign_in_refused: () => 'Name or password is not right.',
  too_many_attempts: () => 'Too many attempts. Wait a little, then try again.',
  not_permitted: () => 'Your role does not permit this. Nothing was done.',
  busy: () => 'The server is busy. Nothing was done; try again.',
  ask_again: () => 'The server is busy. Nothing was done; try again.',
  computing_unavailable: () => 'What is computed from the city is not available just now. Try again in a few seconds.',
  command_from_ahead: () => 'The clocks of this seat and the server differ. Nothing was done; reload the page.',
  seat_taken: () => 'Somebody sits there. Take another seat, or wait until they leave.',
  call_taken: (data) => `${seat(data['seat'])} was faster and has this call.`,
  call_over: () => 'This call is over. Nothing was done.',
  call_known: () => 'This call is known already.',
  callback_taken: (data) => `${seat(data['by'])} is calling this number back.`,
  callback_unknown: () => 'Nothing is owed to this number any more.',
  recommendation_outdated: () => 'The city has changed since this was shown. Nothing was sent; look at it again.',
  already_assigned: (data) => `${data['unit']} is on this incident already.`,
  unit_not_available: (data) => `${data['unit']} is ${statusWords(String(data['status']))}. Nothing was sent; give a reason to send it all the same.`,
  unit_reserved: (data) => `${data['unit']} is reserved for another incident. Nothing was sent; give a reason to send it all the same.`,
  crew_committed: (data) => `The crew of ${data['unit']} is on ${data['on']}. Nothing was sent.`,
  unit_does_not_meet: (data) => `${data['unit'] ?? 'The unit'} does not meet the need. Nothing was sent; give a reason to send it all the same.`,
  pin_malformed: () => 'A PIN has 4 to 10 digits. Nothing was changed.',
  pin_refused: (data) => `${PIN_WHY[String(data['because'])] ?? 'This PIN is too easy.'} Nothing was changed.`,
  no_agreement: () => 'There is no agreement to borrow this unit. Nothing was sent; give a reason to send it all the same.',
  assignment_unknown: (data) => `${data['unit']} is not on that incident any more.`,
  incident_closed: () => 'This incident is closed. Nothing was done.',
  incident_unknown: () => 'This incident is not known. Nothing was done.',
  assignments_open: () => 'Units are still on it: release them first.',
  status_unknown: (data) => `"${data['said']}" is no status of this agency.`,
  place_impossible: () => 'That position cannot be right: it lies outside the city or in water. Nothing was done.',
  kind_unknown: (data) => `"${data['said']}" is no type of this agency's table. Nothing was done.`,
  would_uncover: () => 'Leaving now would leave pending items that nobody watches. Give a reason to leave all the same.',
  disposition_needed: () => 'Say how it ended.',
  name_needed: () => 'This is done by name: sign in.',
  purpose_needed: () => 'Law asks why this is looked at, and your role has no purpose for it. Nothing was shown.',
  position_out_of_reach: () => 'The journal has nothing there: it begins later, or it has not come so far. Choose a moment on the slider.',
  seat_never_held: (data) => `${seat(data['seat'])} has never been let go: there is no relief to tell about. Choose another seat or a moment.`,
  group_unknown: (data) => `There is no dispatch group ${data['group']}. Choose one that the city has.`,
  nothing_there: () => 'Nothing came in over that time, so there is nothing to report. Choose another time.',
  follow_up_unknown: () => 'This is settled already.',
  no_alarm: () => 'Somebody watches this group again: there is nothing to answer for.',
  city_needed: () => 'No city was given to this server: without its roads no span can be lived again.',
  too_much_to_live: (data) => `${data['incidents']} incidents are more than can be lived twice at once (${data['at_most']}). Choose a shorter span.`,
  what_if_unreadable: (data) => `This cannot be tried: ${String(data['why']).replace('the question: ', '')}. Nothing was lived; take the change back.`,
  plan_unknown: () => 'There is no such version of the response plan.',
  http_404: () => 'This server does not offer that.',
};

/** What may be sent all the same, with a reason that is kept. */
export const OVERRIDABLE = new Set(['unit_not_available', 'unit_reserved', 'unit_does_not_meet', 'no_agreement']);

const seat = (name: unknown): string => (typeof name === 'string' && name !== '' ? `Seat ${name}` : 'Another seat');

export function problemWords(problem: Problem): string {
  const words = WORDS[problem.code];
  if (words !== undefined) return words(problem.data ?? {});
  const said = problem.detail !== undefined && problem.detail !== '' ? `: ${problem.detail}` : '';
  return `Refused (${problem.code.replaceAll('_', ' ')}${said}). Nothing was done.`;
}
