// The link of a seat to the server: rows by key, told apart by kind so that what moves often redraws nothing else.
import { createSubscriber } from 'svelte/reactivity';

import { nothing, take, type Frame, type Known, type Snapshot } from './feed';

const RETRY_MS = 500; // and up to as much again, so that not all seats knock at once
const SILENT_MS = 2500; // the server says something at least each second
const WATCH_MS = 250;

const [NOT_SIGNED_IN, NOT_PERMITTED] = [4401, 4403];

export type Standing = 'connecting' | 'live' | 'lost';

interface Kind {
  read: () => void;
  told: () => void;
  sorted: unknown[] | undefined;
}

/** Rows of some views as they are told, and how the link stands. */
export class Link {
  standing = $state<Standing>('connecting');
  now = $state(0); // the city's time of the last word
  heardAt = $state(0); // on this machine's own clock (performance.now)
  refused = $state(''); // why the stream may not be looked at
  onended: () => void = () => undefined; // the session is over
  private known: Known = nothing();
  private kinds = new Map<string, Kind>();
  private socket: WebSocket | undefined;
  private watch: ReturnType<typeof setInterval> | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private path = '';

  get live(): boolean {
    return this.standing === 'live';
  }

  /** The journal position up to which the rows are true. */
  get position(): number {
    return this.known.at;
  }

  /** Rows of one kind in the order of their keys; read in a component, it is drawn again when one of them changes. */
  rows<Row>(kind: string): readonly Row[] {
    const found = this.kind(kind);
    found.read();
    if (found.sorted === undefined) {
      const prefix = `${kind}/`;
      const keys = [...this.known.rows.keys()].filter((key) => key.startsWith(prefix)).sort();
      found.sorted = keys.map((key) => this.known.rows.get(key));
    }
    return found.sorted as Row[];
  }

  /** One row, or undefined. */
  row<Row>(key: string): Row | undefined {
    this.kind(kindOf(key)).read();
    return this.known.rows.get(key) as Row | undefined;
  }

  /** Stand at these views, from this seat ('' for a person who sits at none). */
  open(views: readonly string[], seat: string): void {
    const asked = new URLSearchParams(views.map((view) => ['view', view]));
    if (seat !== '') asked.set('seat', seat);
    const path = `/api/seat?${asked}`;
    if (path === this.path && this.socket !== undefined) return;
    this.close();
    this.path = path;
    if (this.standing !== 'lost') this.standing = 'connecting'; // lost it is until something is heard
    this.connect();
    this.watch = setInterval(() => this.look(), WATCH_MS);
    addEventListener('offline', this.drop);
    addEventListener('online', this.again);
  }

  close(): void {
    clearInterval(this.watch);
    clearTimeout(this.retry);
    removeEventListener('offline', this.drop);
    removeEventListener('online', this.again);
    const socket = this.socket;
    this.socket = undefined;
    this.path = '';
    socket?.close();
  }

  private kind(name: string): Kind {
    let found = this.kinds.get(name);
    if (found === undefined) {
      let told: () => void = () => undefined;
      const read = createSubscriber((update) => {
        told = update;
        return () => (told = () => undefined);
      });
      found = { read, told: () => told(), sorted: undefined };
      this.kinds.set(name, found);
    }
    return found;
  }

  private connect(): void {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const socket = new WebSocket(`${scheme}://${location.host}${this.path}`);
    this.socket = socket;
    socket.onmessage = (event: MessageEvent<string>) => this.hear(socket, JSON.parse(event.data) as Snapshot | Frame);
    socket.onclose = (event) => this.lose(socket, event.code);
  }

  private hear(socket: WebSocket, message: Snapshot | Frame): void {
    if (socket !== this.socket) return;
    const whole = 'at' in message;
    if (!take(this.known, message)) {
      socket.close(); // a gap: the next link starts from a snapshot
      return;
    }
    const touched = whole ? [...this.kinds.keys()] : [...Object.keys(message.rows), ...message.gone].map(kindOf);
    this.now = whole ? message.now : Math.max(this.now, message.now); // of quiet rows a frame tells when they last changed
    this.heardAt = performance.now();
    this.refused = '';
    this.standing = 'live';
    this.tell(touched);
  }

  /** All that is known, to be kept. */
  told(): Snapshot {
    return { at: this.known.at, now: this.now, rows: Object.fromEntries(this.known.rows) };
  }

  /** Stand at what was heard before this page was loaded, `ago` milliseconds since, until the server is heard again. */
  recall(rows: Snapshot, ago: number): void {
    if (this.live) return;
    this.hold(rows);
    this.heardAt = performance.now() - ago;
    this.standing = 'lost';
  }

  /** Hold rows that were, without a link: nothing can be asked on them. */
  hold(rows: Snapshot): void {
    take(this.known, rows);
    this.now = rows.now;
    this.tell([...this.kinds.keys()]);
  }

  private tell(touched: readonly string[]): void {
    for (const name of new Set(touched)) {
      const kind = this.kind(name);
      kind.sorted = undefined;
      kind.told();
    }
  }

  private look(): void {
    if (this.live && performance.now() - this.heardAt > SILENT_MS) this.socket?.close();
    if (this.live && performance.now() - this.heardAt > SILENT_MS) this.standing = 'lost'; // a dead wire closes late
  }

  private drop = (): void => {
    this.standing = 'lost';
    this.socket?.close();
  };

  private again = (): void => {
    clearTimeout(this.retry);
    if (this.standing === 'lost' && this.path !== '') this.connect();
  };

  private lose(socket: WebSocket, code: number): void {
    if (socket !== this.socket) return;
    this.standing = 'lost';
    if (code === NOT_SIGNED_IN) {
      this.onended();
      return;
    }
    if (code === NOT_PERMITTED) this.refused = 'What you may see has changed.';
    this.retry = setTimeout(() => void this.retried(socket), RETRY_MS * (1 + Math.random()));
  }

  /** A refusal before the stream opens looks like a lost link: only the session tells them apart. */
  private async retried(socket: WebSocket): Promise<void> {
    if (socket !== this.socket) return;
    const status = await fetch('/api/session').then((answer) => answer.status, () => 0);
    if (socket !== this.socket) return;
    if (status === 401) this.onended();
    else if (status === 200) {
      // Signed in, and no row was ever seen: the role may not look, or a view is not there.
      if (this.now === 0) this.refused = 'The server opens no stream of this seat for your role. It is asked again by itself.';
      this.connect();
    }
    else this.retry = setTimeout(() => void this.retried(socket), RETRY_MS * (1 + Math.random()));
  }
}

const kindOf = (key: string): string => key.slice(0, key.indexOf('/'));
