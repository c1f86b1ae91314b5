// Who sits here: the session, and what the demo offers where this is one.
import { get, post, request, type Answer } from '../api/http';
import type { Holder } from '../api/types';
import type { Demo } from './demo';

export type Standing = 'asking' | 'nobody' | 'signed-in' | 'no-server';

const SEAT = 'redstick-seat'; // per window: several windows can hold several seats

class Session {
  standing = $state<Standing>('asking');
  person = $state('');
  roles = $state<string[]>([]);
  demo = $state.raw<Demo | undefined>(undefined);
  seat = $state(sessionStorage.getItem(SEAT) ?? ''); // which console this window is: `dispatch:1`
  ended = $state(false); // it ended by itself, not by its person

  async load(): Promise<void> {
    const [who, demo] = await Promise.all([get<Holder>('/api/session'), get<Demo>('/api/demo')]);
    this.demo = demo.ok ? demo.body : undefined;
    if (who.ok) this.hold(who.body);
    else this.standing = who.problem.status === 401 ? 'nobody' : 'no-server';
  }

  async signIn(name: string, password: string): Promise<Answer<Holder>> {
    const answer = await post<Holder>('/api/session', { name, password });
    if (answer.ok) this.hold(answer.body);
    return answer;
  }

  /** In the demo: be a made-up person who may sit at this seat. */
  async takeDemoSeat(seat: string): Promise<Answer<Holder>> {
    const answer = await post<Holder>('/api/demo/seat', { seat });
    if (!answer.ok) return answer;
    this.sitAt(seat);
    this.hold(answer.body);
    return answer;
  }

  async signOut(): Promise<void> {
    if (this.demo !== undefined && this.seat !== '') {
      await request('DELETE', `/api/demo/seat?seat=${encodeURIComponent(this.seat)}`);
    }
    await request('DELETE', '/api/session');
    this.sitAt('');
    this.lose(false);
  }

  sitAt(seat: string): void {
    this.seat = seat;
    sessionStorage.setItem(SEAT, seat);
  }

  lose(byItself: boolean): void {
    this.ended = byItself;
    this.standing = 'nobody';
    this.person = '';
    this.roles = [];
  }

  private hold(who: Holder): void {
    this.person = who.person;
    this.roles = who.roles;
    this.ended = false;
    this.standing = 'signed-in';
  }
}

export const session = new Session();
