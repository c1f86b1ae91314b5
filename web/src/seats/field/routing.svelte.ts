// The way from where my unit is to my incident, asked anew when either has changed, and while it drives.
import { get } from '../../api/http';
import type { Drive } from '../../api/types';
import { metres } from '../dispatch/card/near';

const [AGAIN_MS, MOVED_M] = [20_000, 250];

export interface Ends {
  unit: string;
  incident: string;
  to: string; // the incident's position, as text: another one is another way
}

interface Spot {
  x: number | null;
  y: number | null;
}

export class Routing {
  drive = $state.raw<Drive | undefined>(undefined);
  private of = '';
  private from: Spot = { x: null, y: null };
  private at = 0;
  private asking: AbortController | undefined;

  /** Ask if it is time to; `here` is where the unit is now. */
  look(ends: Ends | undefined, here: Spot, live: boolean): void {
    const of = ends === undefined ? '' : `${ends.unit} ${ends.incident} ${ends.to}`;
    if (of !== this.of) {
      this.asking?.abort();
      this.drive = undefined;
    }
    if (ends === undefined || !live) return;
    const moved = metres(this.from, here) ?? Infinity;
    if (of === this.of && (performance.now() - this.at < AGAIN_MS || moved < MOVED_M)) return;
    [this.of, this.from, this.at] = [of, { ...here }, performance.now()];
    void this.ask(ends);
  }

  private async ask(ends: Ends): Promise<void> {
    this.asking?.abort();
    const mine = (this.asking = new AbortController());
    const asked = new URLSearchParams({ unit: ends.unit, incident: ends.incident });
    const answer = await get<Drive>(`/api/city/route?${asked}`, mine.signal);
    if (mine.signal.aborted) return;
    if (answer.ok) this.drive = answer.body;
    else this.at -= AGAIN_MS - 3000; // it may only be coming up
    if (!answer.ok) this.from = { x: null, y: null };
  }
}
