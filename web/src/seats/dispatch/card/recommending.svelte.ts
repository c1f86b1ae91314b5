// The recommendation for one incident: asked when it is looked at and when something that it rests on has changed.
import { command } from '../../../api/commands';
import { get } from '../../../api/http';
import { problemWords } from '../../../api/problems';
import type { Recommendation } from '../../../api/types';
import type { Desk } from '../../../frame/desk.svelte';

export class Recommending {
  shown = $state.raw<Recommendation | undefined>(undefined);
  failed = $state('');
  changed = $state(false); // what is shown is not what was sent for: look again
  asking = $state(false);
  private incident = '';
  private turn = 0;

  async ask(incident: string): Promise<void> {
    if (incident !== this.incident) {
      this.shown = undefined;
      this.changed = false;
    }
    this.incident = incident;
    const mine = ++this.turn;
    this.asking = true;
    const answer = await get<Recommendation>(`/api/dispatch/incidents/${encodeURIComponent(incident)}/recommendation`);
    if (mine !== this.turn) return;
    this.asking = false;
    this.failed = answer.ok ? '' : answer.problem.status === 404 ? 'This server computes no recommendations.' : problemWords(answer.problem);
    if (answer.ok) this.shown = answer.body;
  }

  /** Send exactly who is shown. When the city has changed since, nothing is sent and it is shown anew. */
  async send(desk: Desk): Promise<boolean> {
    const { shown } = this;
    if (shown === undefined || shown.chosen.length === 0) return false;
    const { incident, record } = shown;
    const recommendation = desk.newId('rec');
    const kept = await command('/api/dispatch/record-recommendation', { incident, recommendation, record }, desk.newId('cmd'));
    if (!kept.ok) {
      desk.refuse(kept.problem);
      this.changed = kept.problem.code === 'recommendation_outdated';
      if (this.changed) await this.ask(incident);
      return false;
    }
    const units = shown.chosen.map((one) => one.unit);
    const expected_s = Object.fromEntries(shown.chosen.flatMap((one) => (one.travel_s == null ? [] : [[one.unit, one.travel_s]])));
    const sent = await desk.act('/api/dispatch/assign-units', { incident, units, alerted: true, expected_s }, `Sent: ${units.join(', ')}.`);
    if (!sent.ok) {
      this.changed = true;
      await this.ask(incident);
    }
    return sent.ok;
  }
}
