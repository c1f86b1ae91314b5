// Who sits here: the session, and what the demo offers where this is one.
import { get, post, request, type Answer } from '../api/http';
import type { Holder } from '../api/types';
import { paper } from '../offline/paper.svelte';
import { anyTruth, forgetTruth, keepTruthFor, recallTruth, type Truth } from '../offline/truth';
import type { Demo } from './demo';

export type Standing = 'asking' | 'nobody' | 'signed-in' | 'no-server';

const SEAT = 'redstick-seat'; // per window: several windows can hold several seats
const LEFT = 'redstick-left'; // somebody signed out here, and the server could not be told yet

class Session {
  standing = $state<Standing>('asking');
  person = $state('');
  roles = $state<string[]>([]);
  demo = $state.raw<Demo | undefined>(undefined);
  seat = $state(sessionStorage.getItem(SEAT) ?? ''); // which console this window is: `dispatch:1`
  ended = $state(false); // it ended by itself, not by its person
  truth = $state.raw<Truth | undefined>(undefined); // what is shown of it while no server says whether it still is
  private loading = false;
  private entering = false; // somebody is being signed in: nobody is signed out meanwhile
  private acts = 0; // of whoever sits here: what was asked before one is no news after it

  constructor() {
    addEventListener('storage', ({ key, newValue }) => {
      if (key === LEFT && newValue !== null) this.lose(false); // in another window: one person, one session
    });
  }

  /** Whether somebody signed out whom the server still holds to be here, as far as this browser knows. */
  get left(): boolean {
    return localStorage.getItem(LEFT) !== null;
  }

  /** Ask who sits here. No answer leaves it as it is: a seat that shows its last truth goes on showing it. */
  async load(): Promise<void> {
    if (this.loading || this.entering) return;
    this.loading = true;
    await this.ask();
    this.loading = false;
  }

  private async ask(): Promise<void> {
    const { acts } = this;
    if (this.left && !(await this.leave())) {
      if (this.standing !== 'nobody' && acts === this.acts) this.standing = 'no-server';
      return;
    }
    const [who, demo] = await Promise.all([get<Holder>('/api/session'), get<Demo>('/api/demo')]);
    if (acts !== this.acts) return;
    if (demo.ok || demo.problem.status !== 0) this.demo = demo.ok ? demo.body : undefined;
    if (who.ok) this.hold(who.body);
    else if (who.problem.status === 401) this.lose(this.truth !== undefined);
    else if (this.truth === undefined) this.standing = 'no-server';
  }

  /** While no server answers: be who was here last, and show what they saw, until their session would be over; nothing can be asked on it. */
  async recall(seat: string, console: string): Promise<void> {
    const truth = await recallTruth(seat, console);
    const nothing = truth === undefined && (await anyTruth()) === false;
    if (this.standing === 'signed-in' || this.standing === 'nobody') return;
    if (nothing) paper.forget();
    if (truth === undefined || this.left) return;
    this.truth = truth;
    this.person = truth.person;
    this.roles = truth.roles;
    if (seat !== '' && truth.console.startsWith(`${seat}:`)) this.sitAt(truth.console);
    this.standing = 'signed-in';
  }

  signIn(name: string, password: string): Promise<Answer<Holder>> {
    return this.enter(post<Holder>('/api/session', { name, password }));
  }

  /** In the demo: be a made-up person who may sit at this seat. */
  takeDemoSeat(seat: string): Promise<Answer<Holder>> {
    return this.enter(post<Holder>('/api/demo/seat', { seat }), seat);
  }

  private async enter(asked: Promise<Answer<Holder>>, seat?: string): Promise<Answer<Holder>> {
    this.entering = true;
    const answer = await asked;
    this.entering = false;
    if (!answer.ok) return answer;
    if (seat !== undefined) this.sitAt(seat);
    this.hold(answer.body);
    return answer;
  }

  async signOut(): Promise<void> {
    if (this.demo !== undefined && this.seat !== '') {
      await request('DELETE', `/api/demo/seat?seat=${encodeURIComponent(this.seat)}`);
    }
    await this.leave();
    this.sitAt('');
    this.lose(false);
  }

  /** Tell the server that its person has left; where it does not answer, it is the first thing that it hears. */
  private async leave(): Promise<boolean> {
    localStorage.setItem(LEFT, '1');
    const told = await request('DELETE', '/api/session');
    const heard = told.ok || told.problem.status === 401;
    if (heard) localStorage.removeItem(LEFT);
    return heard;
  }

  sitAt(seat: string): void {
    this.seat = seat;
    sessionStorage.setItem(SEAT, seat);
  }

  lose(byItself: boolean): void {
    this.acts += 1;
    this.ended = byItself;
    this.standing = 'nobody';
    this.person = '';
    this.roles = [];
    this.truth = undefined;
    paper.forget();
    void forgetTruth();
  }

  private hold(who: Holder): void {
    this.acts += 1;
    keepTruthFor(who.idle_ms);
    void forgetTruth(who.person);
    this.person = who.person;
    this.roles = who.roles;
    this.ended = false;
    this.truth = undefined;
    this.standing = 'signed-in';
    localStorage.removeItem(LEFT); // whoever signs in is somebody else's end
  }
}

export const session = new Session();
