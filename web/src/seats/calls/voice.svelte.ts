// The voice of this console: one standing leg (WebRTC), attached for as long as its person is signed on here.
import { get, post } from '../../api/http';
import { gathered } from '../../voice/gathered';
import { ownForCalls } from '../../voice/owning';

export type VoiceStanding = 'none' | 'connecting' | 'connected' | 'refused' | 'lost';

const AGAIN_MS = 3000; // until a voice that is lost is attached again

/** What the line says, and what there is to do. */
export const VOICE_WORDS: Record<Exclude<VoiceStanding, 'none'>, string> = {
  connecting: '◌ connecting',
  connected: '● connected',
  refused: '△ The microphone is refused. Allow it for this page at its address above; it is tried again by itself.',
  lost: '△ No voice: the engine is lost. Numbers and places stay: call back by another phone. It is tried again by itself.',
};

export class Voice {
  standing = $state<VoiceStanding>('none');
  muted = $state(false);
  private seat = '';
  private peer: RTCPeerConnection | undefined;
  private microphone: MediaStream | undefined;
  private beginning: Promise<void> | undefined; // for as long as it waits for the server or the microphone
  private asking: Promise<MediaStream> | undefined; // the one prompt, whoever waits for it
  private turn = 0; // of beginnings and ends: what was begun before the last of them goes no further
  private heard: HTMLAudioElement | undefined;
  private again: ReturnType<typeof setTimeout> | undefined;
  private disown: (() => void) | undefined;

  /** Stand as the leg of a console, until `end`. Begun twice it is one beginning, which both wait for. */
  begin(seat: string): Promise<void> {
    if (this.seat === seat && this.beginning !== undefined) return this.beginning;
    this.seat = seat;
    this.turn += 1;
    const begun = this.start(seat).finally(() => {
      if (this.beginning === begun) this.beginning = undefined;
    });
    this.beginning = begun;
    return begun;
  }

  private async start(seat: string): Promise<void> {
    const { turn } = this;
    const told = await get<{ here: boolean }>('/api/voice');
    if (this.turn !== turn) return;
    if (told.ok && told.body.here) {
      this.disown ??= ownForCalls();
      await this.attach(seat);
    }
    else if (!told.ok && told.problem.status === 0) this.soon(seat, () => this.begin(seat)); // nobody said whether there is any voice
  }

  end(): void {
    this.seat = '';
    this.beginning = undefined;
    this.turn += 1;
    this.standing = 'none';
    this.drop();
    for (const track of this.microphone?.getTracks() ?? []) track.stop();
    this.microphone = undefined;
    this.disown?.();
    this.disown = undefined;
  }

  /** Be heard: some browsers let nothing sound before a key is pressed, and are asked again then. */
  wake(): void {
    if (this.heard?.paused === true) void this.heard.play().catch(() => undefined);
  }

  mute(muted: boolean): void {
    this.muted = muted;
    for (const track of this.microphone?.getTracks() ?? []) track.enabled = !muted;
  }

  private async attach(seat: string): Promise<void> {
    const { turn } = this;
    this.drop();
    if (this.standing === 'none') this.standing = 'connecting';
    const found = await this.hearUs();
    if (this.turn !== turn) {
      if (this.seat === '') this.end(); // the microphone came after the seat was left
      return;
    }
    if (found === undefined) {
      this.later(seat, 'refused');
      return;
    }
    const peer = this.connect(seat, found);
    await peer.setLocalDescription();
    await gathered(peer);
    const told = await post<{ answer: string }>('/api/voice/seat', { seat, offer: peer.localDescription?.sdp ?? '' });
    if (this.peer !== peer) return;
    if (told.ok) await peer.setRemoteDescription({ type: 'answer', sdp: told.body.answer });
    else if (told.problem.code === 'no_voice') this.end();
    else this.later(seat, 'lost');
  }

  private connect(seat: string, found: MediaStream): RTCPeerConnection {
    const peer = new RTCPeerConnection({ iceServers: [] });
    this.peer = peer;
    for (const track of found.getTracks()) peer.addTrack(track, found);
    peer.ontrack = ({ track }) => {
      this.heard ??= new Audio();
      this.heard.srcObject = new MediaStream([track]);
      this.wake();
    };
    peer.onconnectionstatechange = () => {
      if (this.peer !== peer) return;
      if (peer.connectionState === 'connected') this.standing = 'connected';
      else if (['disconnected', 'failed', 'closed'].includes(peer.connectionState)) this.later(seat, 'lost');
    };
    return peer;
  }

  private async hearUs(): Promise<MediaStream | undefined> {
    try {
      if (this.microphone === undefined) {
        this.asking ??= navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } });
        this.microphone = await this.asking;
      }
      this.mute(this.muted);
    } catch {
      return undefined;
    } finally {
      this.asking = undefined;
    }
    return this.microphone;
  }

  private later(seat: string, standing: VoiceStanding): void {
    this.standing = standing;
    this.soon(seat, () => this.attach(seat));
  }

  private soon(seat: string, doing: () => Promise<void>): void {
    clearTimeout(this.again);
    this.again = setTimeout(() => void (this.seat === seat && doing()), AGAIN_MS);
  }

  private drop(): void {
    clearTimeout(this.again);
    const { peer } = this;
    this.peer = undefined;
    peer?.close();
  }
}
