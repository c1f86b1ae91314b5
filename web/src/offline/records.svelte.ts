// What was recorded without a link, kept in this browser until a person has entered or dropped each of it.
import type { Recorded } from './voiced';

const KEPT = 'redstick-recorded';

function read(): Recorded[] {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? '[]') as Recorded[];
  } catch {
    return [];
  }
}

class Records {
  all = $state.raw<readonly Recorded[]>(read());

  constructor() {
    addEventListener('storage', (event) => {
      if (event.key === KEPT) this.all = read(); // another window of this browser
    });
  }

  /** What waits for a person, in the order in which it was voiced. */
  get open(): Recorded[] {
    return this.all.filter((one) => one.settled === undefined).sort((a, b) => a.at - b.at);
  }

  add(record: Recorded): void {
    this.keep([...read(), record]);
  }

  change(id: string, change: Partial<Recorded>): void {
    this.keep(read().map((one) => (one.id === id ? { ...one, ...change } : one)));
  }

  /** Forget what is settled: the journal has what was entered. */
  clear(): void {
    this.keep(read().filter((one) => one.settled === undefined));
  }

  private keep(all: Recorded[]): void {
    this.all = all;
    localStorage.setItem(KEPT, JSON.stringify(all));
  }
}

export const records = new Records();
