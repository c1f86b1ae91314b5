// A screen as it was: asked for at a moment or behind an event, held on a desk from which nothing can be commanded.
import { request } from '../../api/http';
import { problemWords } from '../../api/problems';
import type { Screen } from '../../api/types';
import type { IncidentRow, UnitRow } from '../../feed/rows';
import { Desk } from '../../frame/desk.svelte';
import { chapters, differences, type Chapter, type Rows } from '../../relief/changes';

const VIEWS = ['incidents', 'units', 'calls', 'pending', 'seats'].map((name) => `dispatch.view.${name}`);
const COMING_MS = 1500; // until a process that is being started is asked again

/** What an audience is not shown is not in its rows: here it is nothing, not undefined. */
const NO_PLACE: Partial<IncidentRow> = { text: '', x: null, y: null, uncertainty_m: 0, flags: [], notes: [] };
const NO_POSITION: Partial<UnitRow> = { x: null, y: null, seen_at: null };

/** A desk whose rows stand still. What is selected on it is its own. */
export class PastDesk extends Desk {
  private looked = $state<Record<string, string>>({});

  override selected(kind: string): string {
    return this.looked[kind] ?? '';
  }

  override select(kind: string, name: string): void {
    this.looked = { ...this.looked, [kind]: name };
  }
}

export class Past {
  readonly desk = new PastDesk();
  screen = $state.raw<Screen | undefined>(undefined);
  wanted = $state(0); // the moment on the slider, ahead of the answer
  step = $state.raw<Chapter[]>([]); // what the event changed over which one stepped last
  back = $state(false); // one stepped back over it: it comes next
  waits = $state(''); // what is being done
  failed = $state('');
  private asking: AbortController | undefined;
  private again: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly purpose: string) {}

  end(): void {
    clearTimeout(this.again);
    this.asking?.abort();
    this.desk.end();
  }

  /** As it is now, and from there back. */
  toNow(): Promise<void> {
    return this.ask('');
  }

  toMoment(at: number): Promise<void> {
    const { screen } = this;
    const moment = screen === undefined ? at : Math.max(screen.begun, Math.min(at, screen.ended));
    this.wanted = moment;
    return this.ask(`at=${Math.round(moment)}`);
  }

  toPosition(position: number, byOne = false): Promise<void> {
    const { screen } = this;
    const within = screen === undefined ? position : Math.max(screen.first, Math.min(position, screen.last));
    return this.ask(`position=${within}`, byOne ? screen?.rows : undefined);
  }

  private async ask(where: string, before?: Rows): Promise<void> {
    clearTimeout(this.again);
    this.asking?.abort();
    const mine = (this.asking = new AbortController());
    const path = `/api/past?${[where, ...VIEWS.map((view) => `view=${view}`)].filter((part) => part !== '').join('&')}`;
    if (this.screen === undefined) this.waits = 'The journal is being folded back. The first look takes a few seconds.';
    const answer = await request<Screen>('GET', path, undefined, { 'Redstick-Purpose': this.purpose }, mine.signal);
    if (mine.signal.aborted) return;
    if (answer.ok) this.show(answer.body, before);
    else if (answer.problem.code === 'computing_unavailable') this.again = setTimeout(() => void this.ask(where, before), COMING_MS);
    else {
      this.waits = '';
      this.failed = problemWords(answer.problem);
    }
  }

  private show(screen: Screen, before: Rows | undefined): void {
    const rows = Object.fromEntries(Object.entries(screen.rows).map(([key, row]) => [key, whole(key, row)]));
    this.back = before !== undefined && screen.at < (this.screen?.at ?? 0);
    this.step = before === undefined ? [] : chapters(this.back ? differences(rows, before) : differences(before, rows));
    this.screen = { ...screen, rows };
    this.wanted = screen.now;
    this.waits = '';
    this.failed = '';
    this.desk.second = screen.now;
    this.desk.link.hold({ at: screen.at, now: screen.now, rows });
  }
}

function whole(key: string, row: Record<string, unknown>): Record<string, unknown> {
  if (key.startsWith('incident/')) return { ...NO_PLACE, ...row };
  return key.startsWith('unit/') ? { ...NO_POSITION, ...row } : row;
}
