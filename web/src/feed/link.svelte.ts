import { nothing, take, type Frame, type Known, type Snapshot } from './feed';

const RETRY_MS = 1500;
const SILENT_MS = 4000; // the server says something at least each second

/** The link to the server: what is known, since when nothing was heard, and a count that moves with every change. */
export class Link {
  known: Known = nothing();
  changes = $state(0);
  live = $state(false);
  heardAt = $state(0);
  private socket: WebSocket | undefined;
  private watch: ReturnType<typeof setInterval> | undefined;

  open(): void {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const socket = new WebSocket(`${scheme}://${location.host}/stream`);
    this.socket = socket;
    socket.onmessage = (event: MessageEvent<string>) => this.hear(socket, JSON.parse(event.data) as Snapshot | Frame);
    socket.onclose = () => this.lose(socket);
    this.watch ??= setInterval(() => {
      if (this.live && performance.now() - this.heardAt > SILENT_MS) this.socket?.close();
    }, 1000);
  }

  close(): void {
    clearInterval(this.watch);
    const socket = this.socket;
    this.socket = undefined;
    socket?.close();
  }

  private hear(socket: WebSocket, message: Snapshot | Frame): void {
    if (socket !== this.socket) return;
    if (!take(this.known, message)) {
      socket.close(); // a gap: the next link starts from a snapshot
      return;
    }
    this.live = true;
    this.heardAt = performance.now();
    this.changes += 1;
  }

  private lose(socket: WebSocket): void {
    if (socket !== this.socket) return;
    this.live = false;
    setTimeout(() => {
      if (this.socket === socket) this.open();
    }, RETRY_MS);
  }
}
