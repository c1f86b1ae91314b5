// Paper of a seat: what it prints before it is alone, fetched while the link is there, with the numbers reserved for it.
import { command } from '../api/commands';
import { newId } from '../api/ids';
import { numbersIn } from './voiced';

const KEPT = 'redstick-paper';
const BLOCK = 20; // numbers reserved at once
const FEW = 5; // fewer blank cards than this: reserve more

class Paper {
  text = $state(localStorage.getItem(KEPT) ?? '');
  private forgotten = 0; // times: what was asked before is not kept after
  private last: Promise<unknown> = Promise.resolve(); // one at a time: an older answer never replaces a newer one

  /** Fetch what is true now; false where this role prints no cards. Numbers are reserved when few are left. */
  refresh(seat: string, zone: string, now: number): Promise<boolean> {
    const asked = this.forgotten;
    const mine = this.last.then(() => this.fetched(seat, zone, now, asked));
    this.last = mine;
    return mine;
  }

  private async fetched(seat: string, zone: string, now: number, asked: number): Promise<boolean> {
    if (asked !== this.forgotten) return false;
    const fetched = await cards(seat, zone);
    if (fetched === undefined || asked !== this.forgotten) return false;
    this.keep(fetched);
    if (numbersIn(fetched).length >= FEW) return true;
    const reserved = await command('/api/dispatch/reserve-cards', { seat, count: BLOCK }, newId('cmd', now));
    if (reserved.ok && asked === this.forgotten) this.keep((await cards(seat, zone)) ?? fetched);
    return true;
  }

  get numbers(): string[] {
    return numbersIn(this.text);
  }

  /** Whoever leaves takes their paper along. */
  forget(): void {
    this.text = '';
    this.forgotten += 1;
    localStorage.removeItem(KEPT);
  }

  private keep(text: string): void {
    this.text = text;
    localStorage.setItem(KEPT, text);
  }
}

async function cards(seat: string, zone: string): Promise<string | undefined> {
  try {
    const answer = await fetch(`/api/dispatch/cards?${new URLSearchParams({ seat, zone, form: 'text' })}`);
    return answer.ok ? await answer.text() : undefined;
  } catch {
    return undefined;
  }
}

export const paper = new Paper();
