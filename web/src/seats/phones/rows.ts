// Rows of the phones' two views, as the server draws them, and what is said of them in words.
import type { DialRule, Forwarding, Menu } from '../../api/types';

/** Who may see the system behind the directory (`15-phones.cedar`). */
export const runsPhones = (roles: readonly string[]): boolean => ['switchboard', 'administrator', 'supervisor'].some((role) => roles.includes(role));

export interface PhoneRow {
  number: string;
  kind: 'extension' | 'group' | 'attendant' | 'paging' | 'room' | 'orbit';
  name: string;
  direct: string;
  user?: string;
  department?: string;
  presence?: 'available' | 'away' | 'dnd' | 'busy' | 'unreachable';
  said?: string;
  forwarding?: Forwarding;
  devices?: string[];
  waiting?: number;
  site?: string;
  members?: string[];
  strategy?: string;
  overflow?: string;
  open?: Menu;
  closed?: Menu | null;
  hours?: string;
}

export interface TrunkRow { trunk: string; carrier: string; capacity: number; load: number; up: boolean; since: number; why: string }
export interface HandsetRow { device: string; number: string; kind: string; site: string; reachable_since: number | null; unlocated: '' | 'no_site' | 'not_validated' }
export interface SiteRow { site: string; words: string; validated: boolean }
export interface NoticeRow { notice: string; kind: 'emergency' | 'voicemail' | 'box'; text: string; to: string[]; made_at: number; delivered_at: number | null; escalated_at: number | null }
export interface PhoneCallRow { call: string; caller: string; dialled: string; verdict: string; began_at: number; answered_by: string; answered_at: number | null; trunk: string; orbit: string }
export interface PlanRow { version: string; in_force: boolean; prefix: string; main_number: string; rules: DialRule[]; emergency: string[] }

const PRESENCE: Record<string, [string, string, string]> = {
  available: ['good', '●', 'available'],
  away: ['info', '◐', 'away'],
  busy: ['warn', '▲', 'speaks'],
  dnd: ['warn', '■', 'do not disturb'],
  unreachable: ['', '○', 'no phone reachable'],
};

/** Tone, shape and words of a presence: colour is never alone. */
export const presenceMark = (presence: string | undefined): [string, string, string] => PRESENCE[presence ?? ''] ?? ['', '', ''];

const KINDS: Record<string, string> = { group: 'hunt group', attendant: 'auto-attendant', paging: 'paging group', room: 'conference room', orbit: 'orbit', extension: 'extension' };

export const kindWords = (kind: string): string => KINDS[kind] ?? kind;

/** Whether a row of the directory is meant by what was typed: a number, a name, a department. */
export const meant = (row: PhoneRow, typed: string): boolean =>
  `${row.number} ${row.direct} ${row.name} ${row.department ?? ''} ${kindWords(row.kind)}`.toLowerCase().includes(typed.trim().toLowerCase());

/** What an extension forwards, in words; '' where nothing. */
export function forwardWords(to: Forwarding | undefined): string {
  if (to === undefined) return '';
  const said: [string | undefined, string][] = [[to.always, 'always'], [to.busy, 'when busy'], [to.no_answer, 'without an answer'], [to.unreachable, 'when unreachable']];
  return said.filter(([number]) => number).map(([number, when]) => `${when} to ${number}`).join(', ');
}
