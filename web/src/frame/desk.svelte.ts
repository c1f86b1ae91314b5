// One open console: its link, its clock, what is selected in it, and what was last done from it.
import { command, type CommandPath } from '../api/commands';
import type { Answer } from '../api/http';
import { newId } from '../api/ids';
import { problemWords } from '../api/problems';
import type { Commands, Problem, Told } from '../api/types';
import { Link } from '../feed/link.svelte';
import type { CityPage } from '../map/city';
import type { Truth } from '../offline/truth';
import type { Clock } from './demo';

const TICK_MS = 200;
const SELECTED = 'redstick-selected';

export interface Notice {
  text: string;
  tone: 'done' | 'refused';
  at: number;
}

export class Desk {
  readonly link = new Link();
  name = $state(''); // of the console at which its person signs on: `dispatch:1`
  person = $state('');
  second = $state(0); // the city's time in whole seconds: what ages are reckoned by
  silent_ms = $state(0);
  notice = $state.raw<Notice | undefined>(undefined);
  city = $state.raw<CityPage | undefined>(undefined);
  pace = $state.raw<Clock | undefined>(undefined);
  private chosen = $state<Record<string, string>>(kept());
  private anchor = { now: 0, heard: 0 };
  private others = new BroadcastChannel('redstick-selection'); // windows of this browser that hold parts of the same seat
  private timer: ReturnType<typeof setInterval> | undefined;

  get zone(): string {
    return this.city?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  }

  /** What is selected of a kind (`incident`, `unit`, `call`), '' for nothing. */
  selected(kind: string): string {
    return this.chosen[kind] ?? '';
  }

  select(kind: string, name: string): void {
    this.chosen = { ...this.chosen, [kind]: name };
    sessionStorage.setItem(SELECTED, JSON.stringify(this.chosen));
    if (this.shared(this.name)) this.others.postMessage({ seat: this.name, kind, name });
  }

  begin(): void {
    this.others.onmessage = ({ data }: MessageEvent<{ seat: string; kind: string; name: string }>) => {
      if (this.shared(data.seat)) this.chosen = { ...this.chosen, [data.kind]: data.name };
    };
    this.timer = setInterval(() => this.tick(), TICK_MS);
  }

  end(): void {
    clearInterval(this.timer);
    this.others.close();
    this.link.close();
  }

  /** Whether a selection made at a console is this one's too. */
  private shared(seat: string): boolean {
    return seat !== '' && seat === this.name;
  }

  say(text: string, tone: Notice['tone'] = 'done'): void {
    this.notice = { text, tone, at: this.second };
  }

  refuse(problem: Problem): void {
    this.say(problemWords(problem), 'refused');
  }

  /** Ask a command, and say what came of it. While the link is lost nothing is asked: an act is never done late. */
  async act<Path extends CommandPath>(path: Path, fields: Commands[Path], done: string, id?: string): Promise<Answer<Told>> {
    if (!this.link.live) {
      this.say('The link is down: nothing was sent, and nothing will be sent later by itself. Voice it.', 'refused');
      return { ok: false, problem: { title: 'No link', status: 0, code: 'no_link' } };
    }
    const answer = await command(path, fields, id ?? this.newId('cmd'));
    if (answer.ok) {
      if (done !== '') this.say(done);
    } else this.refuse(answer.problem);
    return answer;
  }

  /** An id by the city's clock, which this machine's may differ from. */
  newId(prefix: string): string {
    return newId(prefix, Math.max(this.link.now, this.second));
  }

  /**
   * The city's time now, to the millisecond, reckoned on from the server's last word while the link is down: what is
   * reported, or was voiced, on sight of a row must not come before that row.
   */
  happenedAt(): number {
    return Math.floor(Math.max(this.reckoned(), this.link.now));
  }

  /** What is known here, to be kept for a page that is loaded without a server. */
  truth(roles: string[]): Truth {
    const { person, name, city, link } = this;
    const pace = this.pace === undefined ? undefined : $state.snapshot(this.pace);
    return { person, roles, console: name, city, pace, heard: Date.now() - (performance.now() - link.heardAt), rows: link.told() };
  }

  /** Show what was known before this page was loaded. */
  recall(truth: Truth): void {
    this.name ||= truth.console;
    this.city ??= truth.city;
    this.pace ??= truth.pace;
    this.link.recall(truth.rows, Math.max(0, Date.now() - truth.heard));
  }

  private reckoned(): number {
    const pace = this.pace === undefined ? 1 : this.pace.paused ? 0 : this.pace.speed;
    return this.anchor.now + (performance.now() - this.anchor.heard) * pace;
  }

  /** Between two words of the server its clock goes on at its own pace; without a link it stands at the last word. */
  private tick(): void {
    const { link } = this;
    const here = performance.now();
    this.silent_ms = link.heardAt === 0 ? 0 : here - link.heardAt;
    if (link.now !== this.anchor.now) this.anchor = { now: link.now, heard: link.heardAt };
    const now = link.live ? this.reckoned() : link.now;
    if (now > 0) this.second = Math.max(Math.floor(now / 1000) * 1000, link.live ? 0 : this.second);
  }
}

function kept(): Record<string, string> {
  try {
    return JSON.parse(sessionStorage.getItem(SELECTED) ?? '{}') as Record<string, string>;
  } catch {
    return {};
  }
}
