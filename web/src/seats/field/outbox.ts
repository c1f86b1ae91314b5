// What a crew reported and the server has not answered yet: in its order, each at its true time, kept over a reload.
// Only reports may be here. Dispatch and cancel never execute late, so they have no path in this list.
import type { Answer } from '../../api/http';
import type { Commands, Problem, Told } from '../../api/types';

export const MAY_BE_LATE = [
  '/api/dispatch/raise-emergency', '/api/dispatch/report-status', '/api/dispatch/add-note', '/api/dispatch/report-receipt',
] as const;
export type LatePath = (typeof MAY_BE_LATE)[number];

export interface Report<Path extends LatePath = LatePath> {
  id: string; // the command's: sent twice it is done once
  path: Path;
  fields: Commands[Path];
  at: number; // when it happened, by the city's clock
  person: string; // who reported it: nobody else's name is ever put to it
  words: string;
  conflict: string; // why the server did not take it, '' while it waits
}

/** Where reports are kept; read anew each time, since another window of this browser may have changed it. */
export interface Keeper {
  read: () => Report[];
  write: (reports: Report[]) => void;
}

export type Send = (report: Report) => Promise<Answer<Told>>;

const EMERGENCY: LatePath = '/api/dispatch/raise-emergency';
const ASK_AGAIN = new Set(['busy', 'ask_again', 'computing_unavailable']);

/** Whether nothing is known of what became of a report, or it was too early: it waits, and is sent again as it is. */
export const undecided = (problem: Problem): boolean =>
  problem.status === 0 || problem.status >= 500 || problem.status === 429 || problem.status === 401 || ASK_AGAIN.has(problem.code);

/** The report to send next: a call for help before anything else, then the oldest. */
export function nextOf(reports: readonly Report[], person: string): Report | undefined {
  const waiting = reports.filter((one) => one.conflict === '' && one.person === person);
  return waiting.find((one) => one.path === EMERGENCY) ?? waiting[0];
}

export class Outbox {
  private sending = false;

  constructor(
    private keeper: Keeper,
    private send: Send,
    private changed: (reports: Report[]) => void,
    private words: (problem: Problem) => string,
  ) {}

  /** Keep a report; it is written down before anything is sent. */
  add(report: Omit<Report, 'conflict'>): void {
    this.keep([...this.keeper.read(), { ...report, conflict: '' }]);
  }

  /** Send what waits, one after the other, until all is answered or no answer comes. */
  async flush(person: string): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    try {
      for (let report = nextOf(this.keeper.read(), person); report !== undefined; report = nextOf(this.keeper.read(), person)) {
        const answer = await this.send(report);
        if (!answer.ok && undecided(answer.problem)) return;
        this.settle(report.id, answer.ok ? '' : this.words(answer.problem));
      }
    } finally {
      this.sending = false;
    }
  }

  /** Whoever reported it has read why it was not taken. */
  dismiss(id: string): void {
    this.keep(this.keeper.read().filter((one) => one.id !== id || one.conflict === ''));
  }

  private settle(id: string, conflict: string): void {
    const rest = this.keeper.read();
    this.keep(conflict === '' ? rest.filter((one) => one.id !== id) : rest.map((one) => (one.id === id ? { ...one, conflict } : one)));
  }

  private keep(reports: Report[]): void {
    this.keeper.write(reports);
    this.changed(reports);
  }
}
