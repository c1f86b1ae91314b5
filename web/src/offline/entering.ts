// Entering what was voiced, by a person, at the time at which it happened. An id is asked once, however often it is entered.
import { command } from '../api/commands';
import { request, type Answer } from '../api/http';
import { problemWords } from '../api/problems';
import type { UnitRow } from '../feed/rows';
import type { Desk } from '../frame/desk.svelte';
import { clock } from '../words/words';
import { records } from './records.svelte';
import { cardText, commandOf, noteOf, type Asked, type Recorded } from './voiced';

export interface CardTaken {
  entry: string;
  incident: string;
  standing: 'entered' | 'waits_to_be_settled' | 'dropped';
  conflicts?: { code: string; unit?: string; other?: string }[];
  refused?: { command: string; code: string }[];
}

/** Why it was not entered, in words; '' once it is. */
export async function enter(desk: Desk, record: Recorded): Promise<string> {
  if (record.said.what === 'incident') return enterCard(desk, record);
  const unit = 'unit' in record.said ? desk.link.row<UnitRow>(`unit/${record.said.unit}`) : undefined;
  return ask(desk, record, commandOf(record, unit?.status ?? ''), 'entered');
}

/** Keep it in the narrative of its incident, where it cannot be entered any more. */
export const note = (desk: Desk, record: Recorded): Promise<string> =>
  ask(desk, record, noteOf(record, (ms) => clock(ms, desk.zone)), 'noted');

export function drop(desk: Desk, record: Recorded, why: string): void {
  settle(desk, record.id, 'dropped', why);
}

async function ask(desk: Desk, record: Recorded, asked: Asked | undefined, how: 'entered' | 'noted'): Promise<string> {
  if (asked === undefined) return 'It stands for no command.';
  const answer = await command(asked.path, asked.fields, how === 'noted' ? record.note : record.id, record.at);
  if (answer.ok) settle(desk, record.id, how);
  return answer.ok ? '' : problemWords(answer.problem);
}

function settle(desk: Desk, id: string, how: 'entered' | 'noted' | 'dropped', why = ''): void {
  records.change(id, { settled: { how, by: desk.person, at: desk.second, why } });
}

async function enterCard(desk: Desk, record: Recorded): Promise<string> {
  const taken = await sendCard(desk, record);
  if (!taken.ok) {
    const faults = (taken.problem.data?.['faults'] as { expected: string }[] | undefined)?.map((one) => one.expected);
    return faults?.join(' · ') ?? problemWords(taken.problem);
  }
  const { standing, conflicts = [], refused = [] } = taken.body;
  if (standing === 'waits_to_be_settled') {
    records.change(record.id, { conflicts: conflicts.map((one) => `${one.code} ${one.unit ?? ''}`.trim()) });
    return '';
  }
  settle(desk, record.id, standing === 'dropped' ? 'dropped' : 'entered', refused.map((one) => `${one.command}: ${one.code}`).join(', '));
  return '';
}

/** A card with conflicts: an incident of its own all the same, or none; by name and with a reason. */
export async function settleCard(desk: Desk, record: Recorded, keep: boolean, reason: string): Promise<string> {
  const settled = await desk.act('/api/dispatch/settle-card', { entry: record.id, by: desk.person, keep, reason }, '');
  return settled.ok ? enterCard(desk, record) : problemWords(settled.problem);
}

const sendCard = (desk: Desk, record: Recorded): Promise<Answer<CardTaken>> =>
  request<CardTaken>('POST', `/api/dispatch/cards?zone=${encodeURIComponent(desk.zone)}`, cardText(record, desk.zone), { 'Idempotency-Key': record.id });
