// Where a text lies, asked while it is typed. Only a place that a person chose, or that is the only one, is taken.
import { request } from '../../api/http';
import { problemWords } from '../../api/problems';
import type { Place, PlacesFound } from '../../api/types';

const PAUSE_MS = 150; // of typing
const SHORTEST = 3; // letters

export interface Located {
  place: Place;
  zones: Record<string, string>;
}

export class Locating {
  found = $state.raw<PlacesFound | undefined>(undefined);
  failed = $state('');
  asking = $state(false);
  private turn: AbortController | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** Ask for a text once typing pauses; `near` is where the caller's phone is said to be. */
  later(text: string, near: { x: number | null; y: number | null }, then: (found: PlacesFound) => void): void {
    this.stop();
    if (text.trim().length < SHORTEST) {
      this.found = undefined;
      return;
    }
    this.asking = true;
    this.timer = setTimeout(() => void this.ask(text, near, then), PAUSE_MS);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.turn?.abort();
    this.asking = false;
  }

  private async ask(text: string, near: { x: number | null; y: number | null }, then: (found: PlacesFound) => void): Promise<void> {
    const mine = (this.turn = new AbortController());
    const where = near.x === null || near.y === null ? {} : { longitude: near.x / 1e7, latitude: near.y / 1e7 };
    const answer = await request<PlacesFound>('POST', '/api/dispatch/geocode', { text, ...where }, {}, mine.signal);
    if (mine.signal.aborted) return;
    this.asking = false;
    this.failed = answer.ok ? '' : problemWords(answer.problem);
    if (!answer.ok) return;
    this.found = answer.body;
    then(answer.body);
  }
}

const KINDS: Record<string, [string, string]> = {
  unique: ['✓', 'in geofile'],
  ambiguous: ['?', 'more than one place: choose'],
  partial: ['?', 'only part of it is known: choose, or say more'],
  not_found: ['✕', 'not in geofile: it is sent as it was said, unverified'],
  conflict: ['!', 'its parts contradict each other: choose'],
  not_available: ['–', 'places cannot be looked up now: it is sent as it was said, unverified'],
};

export const answerMark = (kind: string): [string, string] => KINDS[kind] ?? ['–', kind.replaceAll('_', ' ')];
