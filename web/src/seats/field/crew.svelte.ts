// Which unit this window is the crew of, and what its crew reported: kept in this browser, over reloads and dead zones.
import { command } from '../../api/commands';
import { request } from '../../api/http';
import { problemWords } from '../../api/problems';
import type { Commands } from '../../api/types';
import type { Desk } from '../../frame/desk.svelte';
import { session } from '../../frame/session.svelte';
import { MAY_BE_LATE, Outbox, type Keeper, type LatePath, type Report } from './outbox';

const [UNIT, SINCE, REPORTS] = ['redstick-unit', 'redstick-unit-since', 'redstick-field-reports'];

const keeper: Keeper = {
  read() {
    try {
      const kept = JSON.parse(localStorage.getItem(REPORTS) ?? '[]') as Report[];
      return kept.filter((one) => MAY_BE_LATE.includes(one.path));
    } catch {
      return [];
    }
  },
  write(reports) {
    localStorage.setItem(REPORTS, JSON.stringify(reports));
  },
};

interface Said {
  id: string;
  at: number;
  unit: string;
  status: string;
  leaves?: boolean;
}

class Crew {
  unit = $state(sessionStorage.getItem(UNIT) ?? '');
  since = $state(Number(sessionStorage.getItem(SINCE) ?? 0)); // what was called off before is not this crew's to answer
  reports = $state.raw<Report[]>(keeper.read());
  said = $state.raw<Said | undefined>(undefined); // last, from this page: the board may hear of it after the link is gone
  private outbox = new Outbox(
    keeper,
    (report) => command(report.path, report.fields, report.id, report.at),
    (reports) => (this.reports = reports),
    problemWords,
  );

  constructor() {
    addEventListener('storage', (event) => {
      if (event.key === REPORTS) this.reports = keeper.read();
    });
  }

  /** Be the crew of a unit. In the demo its robot steps aside; gives why not, '' where it went well. */
  async take(unit: string, now: number): Promise<string> {
    if (session.demo !== undefined) {
      const answer = await session.takeDemoSeat(`unit:${unit}`);
      if (!answer.ok) return problemWords(answer.problem);
    }
    [this.unit, this.since] = [unit, now];
    sessionStorage.setItem(UNIT, unit);
    sessionStorage.setItem(SINCE, String(now));
    return '';
  }

  /** Let go of it. What was reported and not sent stays, and is sent. */
  async leave(): Promise<void> {
    if (session.demo !== undefined) {
      await request('DELETE', `/api/demo/seat?seat=${encodeURIComponent(`unit:${this.unit}`)}`);
      session.sitAt('field');
    }
    this.unit = '';
    sessionStorage.removeItem(UNIT);
  }

  /** Report something at its true time; it is kept first, and sent as soon as there is a link. */
  report<Path extends LatePath>(desk: Desk, path: Path, fields: Commands[Path], words: string): void {
    const report = { id: desk.newId('cmd'), path, fields, at: desk.happenedAt(), person: desk.person, words };
    if (path === '/api/dispatch/report-status') this.said = { id: report.id, at: report.at, ...(fields as Commands['/api/dispatch/report-status']) };
    this.outbox.add(report);
    if (desk.link.live) void this.flush(desk.person);
  }

  flush(person: string): Promise<void> {
    return this.outbox.flush(person);
  }

  dismiss(id: string): void {
    this.outbox.dismiss(id);
  }
}

export const crew = new Crew();
