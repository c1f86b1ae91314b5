// From a call card to a waiting incident: opened, with what the plan sends, with what the caller said.
import { get } from '../../api/http';
import type { PlannedResponse, Place } from '../../api/types';
import type { Desk } from '../../frame/desk.svelte';

export interface Card {
  call: string; // '' for what nobody called about
  kind: string;
  priority: number | undefined;
  place: Place;
  zones: Record<string, string>;
  said: string;
}

/** The incident's id, or undefined when it was refused (which is said). What follows it may fail by itself, and is said. */
export async function sendToDispatch(desk: Desk, card: Card): Promise<string | undefined> {
  const incident = desk.newId('inc');
  const { kind, place, zones, call, priority, said } = card;
  const opened = await desk.act(
    '/api/dispatch/open-incident',
    { incident, kind, place, zones, ...(call === '' ? {} : { call }), ...(priority === undefined ? {} : { priority }) },
    `${kind}: sent to dispatch.`,
  );
  if (!opened.ok) return undefined;
  if (said.trim() !== '') await desk.act('/api/dispatch/add-note', { incident, text: said.trim() }, '');
  const planned = await get<PlannedResponse>(`/api/dispatch/incidents/${encodeURIComponent(incident)}/response`);
  if (planned.ok && planned.body.requirements.length > 0) {
    const { requirements, plan, rule } = planned.body;
    await desk.act('/api/dispatch/set-needs', { incident, requirements, plan, rule }, '');
  }
  return incident;
}
