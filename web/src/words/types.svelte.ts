// Types of incidents as the city's table says them, asked once; and what a typed one means.
import { get } from '../api/http';
import type { TypeCode, WordsKnown } from '../api/types';

const RETRY_MS = 5000;

class CityTypes {
  all = $state.raw<readonly TypeCode[]>([]);
  private asked = false;

  /** Ask for the table, until it was answered or refused. */
  async load(): Promise<void> {
    if (this.asked) return;
    this.asked = true;
    const answer = await get<WordsKnown>('/api/admin/words');
    if (answer.ok) this.all = answer.body.codes.types ?? [];
    else if (answer.problem.status === 0 || answer.problem.status === 503) {
      this.asked = false;
      setTimeout(() => void this.load(), RETRY_MS);
    }
  }
}

export const cityTypes = new CityTypes();
