// The softphone of this window: on as long as its stream is open, with lines as the house has them, never as we wish.
import { post } from '../../api/http';
import { newId } from '../../api/ids';
import { problemWords } from '../../api/problems';
import type { SoftphoneAnswer, SoftphoneLine, SoftphoneTold } from '../../api/types';
import { gathered } from '../../voice/gathered';
import { ownForSoftphone } from '../../voice/owning';
import { Pressing } from '../../voice/pressing';

export type SoftphoneStanding = 'off' | 'connecting' | 'on' | 'lost';
export type Doing = 'hang_up' | 'hold' | 'resume' | 'press' | 'hand_on' | 'join';

const AGAIN_MS = 1000; // until a stream or a voice that is lost is tried again
const SILENT_MS = 4000; // the house says something at least each second
const LAST = 'redstick-softphone-last'; // the number that was dialled last, in this window
const [NOT_SIGNED_IN, NOT_PERMITTED, ELSEWHERE] = [4401, 4403, 4409];

export class Softphone {
  standing = $state<SoftphoneStanding>('off');
  told = $state.raw<SoftphoneTold | undefined>(undefined);
  said = $state(''); // what went wrong last, and what to do
  muted = $state(false);
  last = $state(''); // what was dialled last
  private readonly window = newId('window', Date.now());
  private readonly pressing = new Pressing((leg, keys) => this.do(leg, 'press', keys));
  private number = '';
  private socket: WebSocket | undefined;
  private microphone: MediaStream | undefined;
  private disown: (() => void) | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private watch: ReturnType<typeof setInterval> | undefined;
  private heardAt = 0;
  private readonly voices = new Map<string, { peer: RTCPeerConnection; heard: HTMLAudioElement }>();

  get lines(): readonly SoftphoneLine[] {
    return this.told?.lines ?? [];
  }

  /** Switch it on in this window; `number` is an extension of whoever is signed in, whose place is said already. */
  async on(number: string): Promise<void> {
    if (this.standing !== 'off') return;
    [this.standing, this.said, this.number] = ['connecting', '', number];
    this.last = sessionStorage.getItem(LAST) ?? '';
    this.disown = await ownForSoftphone(() => this.off('A Calls seat of this browser has the microphone: the softphone is off.'));
    if (this.disown === undefined) return this.off('The microphone is used by a Calls seat or by a softphone in another window of this browser. Leave that first.');
    try {
      this.microphone = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } });
    } catch {
      return this.off('The microphone is refused. Allow it for this page at its address above, then switch on again.');
    }
    if (this.number !== number) return this.off(); // switched off while the microphone was asked for
    this.mute(false);
    this.connect();
    this.watch = setInterval(() => this.look(), AGAIN_MS);
  }

  /** Off: lines end, whoever calls is told that nobody is here. */
  off(said = ''): void {
    clearTimeout(this.retry);
    clearInterval(this.watch);
    const { socket } = this;
    this.socket = undefined;
    if (socket?.readyState === WebSocket.OPEN) socket.send('off');
    socket?.close();
    for (const leg of [...this.voices.keys()]) this.hush(leg);
    for (const track of this.microphone?.getTracks() ?? []) track.stop();
    this.microphone = undefined;
    this.disown?.();
    this.disown = undefined;
    [this.standing, this.told, this.number, this.said] = ['off', undefined, '', said];
  }

  mute(muted: boolean): void {
    this.muted = muted;
    for (const track of this.microphone?.getTracks() ?? []) track.enabled = !muted;
  }

  async dial(number: string): Promise<boolean> {
    const dialled = number.trim();
    if (dialled === '' || this.standing !== 'on') return false;
    this.last = dialled;
    sessionStorage.setItem(LAST, dialled);
    const peer = this.peer();
    const told = await post<SoftphoneAnswer>('/api/phones/softphone/dial', { window: this.window, number: dialled, offer: await offered(peer) });
    if (told.ok) await this.keep(told.body, peer);
    else this.failed(peer, problemWords(told.problem));
    return told.ok;
  }

  /** Answer a line that rings, or bring the voice of one again. */
  async speak(leg: string): Promise<void> {
    const peer = this.peer();
    const told = await post<SoftphoneAnswer>('/api/phones/softphone/speak', { window: this.window, leg, offer: await offered(peer) });
    if (told.ok) await this.keep(told.body, peer);
    else this.failed(peer, told.problem.code === 'line_unknown' ? '' : problemWords(told.problem));
  }

  /** A key of the telephone towards the other end. It is kept nowhere, here neither. */
  press(leg: string, key: string): Promise<void> {
    return this.pressing.press(leg, key);
  }

  async do(leg: string, what: Doing, given = ''): Promise<boolean> {
    const told = await post('/api/phones/softphone/do', { window: this.window, leg, what, with: given });
    this.said = told.ok || told.problem.code === 'line_unknown' ? '' : problemWords(told.problem);
    return told.ok;
  }

  private connect(): void {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const asked = new URLSearchParams({ number: this.number, window: this.window });
    const socket = new WebSocket(`${scheme}://${location.host}/api/phones/softphone/stream?${asked}`);
    this.socket = socket;
    this.heardAt = performance.now();
    socket.onmessage = (event: MessageEvent<string>) => {
      if (socket !== this.socket) return;
      this.heardAt = performance.now();
      this.standing = 'on';
      this.take(JSON.parse(event.data) as SoftphoneTold);
    };
    socket.onclose = (event) => socket === this.socket && this.lose(event.code);
  }

  private lose(code: number): void {
    if (code === NOT_SIGNED_IN) this.off('The session has ended.');
    else if (code === NOT_PERMITTED) this.off('The softphone may not be on: say where you are, or ask whoever runs the phones.');
    else if (code === ELSEWHERE) this.off('The softphone of this extension is on in another window.');
    else {
      this.socket = undefined;
      if (this.standing === 'on') this.standing = 'lost';
      this.retry = setTimeout(() => this.number !== '' && this.connect(), AGAIN_MS);
    }
  }

  private look(): void {
    if (this.socket !== undefined && performance.now() - this.heardAt > SILENT_MS) {
      const { socket } = this;
      this.lose(0); // a dead wire closes late
      socket.close();
    }
  }

  private take(told: SoftphoneTold): void {
    const lines = told.lines ?? [];
    const before = new Set(this.lines.map((line) => line.leg));
    this.told = told;
    for (const leg of [...this.voices.keys()]) if (before.has(leg) && !lines.some((line) => line.leg === leg)) this.hush(leg);
    for (const line of lines) if (line.auto === true && line.state === 'rings' && !before.has(line.leg)) void this.speak(line.leg); // a page
  }

  private peer(): RTCPeerConnection {
    const peer = new RTCPeerConnection({ iceServers: [] });
    for (const track of this.microphone?.getTracks() ?? []) peer.addTrack(track, this.microphone as MediaStream);
    return peer;
  }

  private async keep({ leg, answer }: SoftphoneAnswer, peer: RTCPeerConnection): Promise<void> {
    this.hush(leg);
    const heard = new Audio();
    this.voices.set(leg, { peer, heard });
    peer.ontrack = ({ track }) => {
      heard.srcObject = new MediaStream([track]);
      void heard.play().catch(() => undefined);
    };
    peer.onconnectionstatechange = () => {
      const lost = ['disconnected', 'failed'].includes(peer.connectionState);
      if (lost && this.voices.get(leg)?.peer === peer) setTimeout(() => void this.again(leg, peer), AGAIN_MS);
    };
    await peer.setRemoteDescription({ type: 'answer', sdp: answer });
    this.said = '';
  }

  /** A voice that was lost while its line is there still. */
  private async again(leg: string, peer: RTCPeerConnection): Promise<void> {
    if (this.voices.get(leg)?.peer !== peer || peer.connectionState === 'connected') return;
    if (this.lines.some((line) => line.leg === leg)) await this.speak(leg);
    if (this.voices.get(leg)?.peer === peer && this.number !== '') setTimeout(() => void this.again(leg, peer), AGAIN_MS);
  }

  private failed(peer: RTCPeerConnection, said: string): void {
    peer.close();
    this.said = said;
  }

  private hush(leg: string): void {
    const voice = this.voices.get(leg);
    this.voices.delete(leg);
    voice?.peer.close();
    if (voice !== undefined) voice.heard.srcObject = null;
  }
}

export const softphone = new Softphone();

async function offered(peer: RTCPeerConnection): Promise<string> {
  await peer.setLocalDescription();
  await gathered(peer);
  return peer.localDescription?.sdp ?? '';
}
