// What is asked of the server once and again after a change: an answer, or why there is none.
import { get } from '../../api/http';
import { problemWords } from '../../api/problems';

export class Asked<Body> {
  body = $state.raw<Body | undefined>(undefined);
  failed = $state('');

  constructor(private path: string) {}

  async load(path = this.path): Promise<void> {
    this.path = path;
    const answer = await get<Body>(path);
    if (path !== this.path) return; // something else is looked at by now
    if (answer.ok) this.body = answer.body;
    this.failed = answer.ok ? '' : problemWords(answer.problem);
  }

  clear(): void {
    this.path = '';
    this.body = undefined;
    this.failed = '';
  }
}
