// What a crew can say of itself, and what usually comes next.
import { isWorking, leaves, statusWords } from '../../words/words';

export interface Step {
  status: string;
  words: string;
  leaves: boolean; // it is done with its incident
}

const CARRIES = /medic|ambulance|transport|als\b|bls\b/i;

const WORDS: Record<string, string> = {
  LOG: 'sign on', OFF: 'sign off', CLR: 'clear, returning', AR: 'available', AQ: 'in quarters', OOS: 'out of service', MEAL: 'at meal',
};

const NEXT: Record<string, string> = { OFF: 'LOG', LOG: 'AR', CLR: 'AR', CAN: 'AR', SELF: 'AR', MEAL: 'AR', OOS: 'AR', MVU: 'AR' };

const step = (from: string, status: string, working: boolean): Step => ({
  status, words: WORDS[status] ?? statusWords(status), leaves: working && (leaves(from, status) || status === 'CLR'),
});

/** The next logical status first, then the others that fit; `working` is whether it is on an incident. */
export function stepsOf(from: string, kind: string, working: boolean): Step[] {
  const carries = CARRIES.test(kind);
  const way = working ? ['ENR', 'ONS', ...(carries ? ['PTC', 'TRN', 'HSP'] : []), 'CLR'] : ['AR', 'AQ', 'MEAL', 'OOS', 'OFF'];
  const at = way.indexOf(from);
  const next = working ? (way[at + 1] ?? 'CLR') : (NEXT[from] ?? '');
  const fitting = [next, ...way, ...(working ? ['STG'] : from === 'OFF' ? ['LOG'] : [])];
  return [...new Set(fitting)].filter((one) => one !== '' && one !== from).map((one) => step(from, one, working));
}

/** Whether the first of them is what usually comes next: who waits for work has no next one. */
export const hasNext = (from: string, working: boolean): boolean => working || NEXT[from] !== undefined || isWorking(from);
