// Where a mark is drawn between two words of it: it goes from the last to the next in a moment, and never beyond.

const MOST_MS = 1_000; // so long a unit takes at most to where it said it is
const FAR_M = 600; // who is farther off did not drive there since: a correction, and shown at once
const M_PER_E7 = 0.011132; // metres in 1e-7 degrees of a meridian

export interface Spot {
  x: number; // 1e-7 degrees
  y: number;
}

/** One mark on its way. Its word is shown when the glide is over; how old that word is, is said elsewhere. */
export class Glide {
  private from: Spot;
  private since = 0;
  private takes = 0;

  constructor(private to: Spot, private told: number) {
    this.from = to;
  }

  /** A new word at `now` (any clock, milliseconds). Without `moves` it stands there at once. */
  tell(to: Spot, now: number, moves: boolean): void {
    if (to.x === this.to.x && to.y === this.to.y) return;
    const from = this.at(now);
    const far = Math.hypot(to.x - from.x, to.y - from.y) * M_PER_E7 > FAR_M;
    this.takes = moves && !far ? Math.min(MOST_MS, now - this.told) : 0;
    [this.from, this.to, this.since, this.told] = [from, to, now, now];
  }

  at(now: number): Spot {
    if (this.over(now)) return this.to;
    const part = Math.max(0, (now - this.since) / this.takes);
    return { x: this.from.x + (this.to.x - this.from.x) * part, y: this.from.y + (this.to.y - this.from.y) * part };
  }

  over(now: number): boolean {
    return now - this.since >= this.takes;
  }
}
