// The figures of the last hours, asked again every few seconds while somebody looks.
import { get } from '../../api/http';
import { problemWords } from '../../api/problems';
import type { Load } from '../../api/types';

const EVERY_MS = 10_000;

export class Measuring {
  hours = $state(12);
  load = $state.raw<Load | undefined>(undefined);
  failed = $state(''); // why there is no newer one
  private asking: AbortController | undefined;

  /** Ask until what is returned is called. */
  begin(): () => void {
    const timer = setInterval(() => void this.ask(), EVERY_MS);
    void this.ask();
    return () => {
      clearInterval(timer);
      this.asking?.abort();
    };
  }

  over(hours: number): void {
    this.hours = hours;
    void this.ask();
  }

  async ask(): Promise<void> {
    this.asking?.abort();
    const mine = (this.asking = new AbortController());
    const answer = await get<Load>(`/api/supervisor?hours=${this.hours}`, mine.signal);
    if (mine.signal.aborted) return;
    if (answer.ok) this.load = answer.body;
    this.failed = answer.ok ? '' : problemWords(answer.problem);
  }
}
