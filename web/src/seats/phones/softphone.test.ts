import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { lineMark, overWords, transferWords } from './lines';
import { Softphone } from './softphone.svelte';

const track = { stop: vi.fn(), enabled: true };
const getUserMedia = vi.fn(() => Promise.resolve({ getTracks: () => [track] }));
let held: { name: string }[]; // locks of this browser
let stolen: (() => void) | undefined;
let sockets: Socket[];
let asked: [string, Record<string, string>][];

class Socket {
  static readonly OPEN = 1;
  readyState = 1;
  sent: string[] = [];
  onmessage: ((event: { data: string }) => void) | undefined;
  onclose: ((event: { code: number }) => void) | undefined;
  constructor(readonly url: string) {
    sockets.push(this);
  }
  send(said: string): void {
    this.sent.push(said);
  }
  close(): void {
    this.readyState = 3;
  }
  tell(lines: object[], over?: object): void {
    this.onmessage?.({ data: JSON.stringify({ number: '2101', place: 'hall', lines, over }) });
  }
}

class Peer {
  iceGatheringState = 'complete';
  connectionState = 'new';
  localDescription = { sdp: 'offer' };
  onconnectionstatechange: (() => void) | undefined;
  setLocalDescription = (): Promise<void> => Promise.resolve();
  setRemoteDescription = (): Promise<void> => Promise.resolve();
  addTrack = vi.fn();
  close = vi.fn();
}

const locks = {
  query: () => Promise.resolve({ held }),
  request: (_: string, options: { steal?: boolean }, doing: (lock: object | null) => Promise<void> | undefined) => {
    if (options.steal === true) return Promise.resolve();
    void doing({});
    return new Promise((_done, failed) => (stolen = () => failed(new Error('stolen'))));
  },
};

beforeEach(() => {
  vi.useFakeTimers();
  [held, stolen, sockets, asked] = [[], undefined, [], []];
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia }, locks });
  vi.stubGlobal('sessionStorage', { getItem: () => null, setItem: () => undefined });
  vi.stubGlobal('location', { protocol: 'http:', host: 'here' });
  vi.stubGlobal('WebSocket', Socket);
  vi.stubGlobal('RTCPeerConnection', Peer);
  vi.stubGlobal('Audio', class { play = (): Promise<void> => Promise.resolve(); srcObject = null; });
  vi.stubGlobal('fetch', (path: string, { body }: { body: string }) => {
    asked.push([path, JSON.parse(body) as Record<string, string>]);
    return Promise.resolve(new Response(JSON.stringify({ leg: 'leg1', answer: 'sdp' }), { status: 200 }));
  });
  track.stop.mockClear();
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function on(): Promise<[Softphone, Socket]> {
  const phone = new Softphone();
  await phone.on('2101');
  const [socket] = sockets as [Socket];
  socket.tell([]);
  return [phone, socket];
}

test('it is on once the house says so, and off it tells the house and lets the microphone go', async () => {
  const phone = new Softphone();
  await phone.on('2101');
  expect(phone.standing).toBe('connecting');
  const [socket] = sockets as [Socket];
  socket.tell([]);
  expect(phone.standing).toBe('on');
  phone.off();
  expect([phone.standing, socket.sent, track.stop.mock.calls.length]).toEqual(['off', ['off'], 1]);
});

test('beside a Calls seat that speaks it is not on, and one that comes takes the microphone from it', async () => {
  held = [{ name: 'redstick-voice-calls' }];
  const refused = new Softphone();
  await refused.on('2101');
  expect([refused.standing, sockets.length]).toEqual(['off', 0]);
  held = [];
  const [phone] = await on();
  stolen?.();
  await vi.advanceTimersByTimeAsync(0);
  expect([phone.standing, phone.said.includes('Calls seat'), track.stop.mock.calls.length]).toEqual(['off', true, 1]);
});

test('no line is there before the house says so, and none when it says so no more', async () => {
  const [phone, socket] = await on();
  expect(await phone.dial(' 2102 ')).toBe(true);
  expect(phone.lines).toEqual([]);
  expect(asked[0]).toEqual(['/api/phones/softphone/dial', { window: expect.any(String) as string, number: '2102', offer: 'offer' }]);
  socket.tell([{ leg: 'leg1', incoming: false, number: '2102', state: 'dialled' }]);
  expect(phone.lines.length).toBe(1);
  socket.tell([]);
  expect(phone.lines).toEqual([]);
  phone.off();
});

test('a stream that is lost is opened again under the same name, and a page is heard without an answer, once', async () => {
  const [phone, socket] = await on();
  socket.onclose?.({ code: 1006 });
  expect(phone.standing).toBe('lost');
  await vi.advanceTimersByTimeAsync(1000);
  expect(sockets.length).toBe(2);
  expect(sockets[1]?.url).toBe(socket.url);
  const page = { leg: 'leg9', incoming: true, number: '2102', state: 'rings', auto: true };
  sockets[1]?.tell([page]);
  sockets[1]?.tell([page]);
  await vi.advanceTimersByTimeAsync(0);
  expect(asked.filter(([path]) => path.endsWith('/speak')).length).toBe(1);
  phone.off();
});

test('a house that says nothing for long is lost, and a session that has ended is the end', async () => {
  const [phone] = await on();
  await vi.advanceTimersByTimeAsync(6000);
  expect(phone.standing).toBe('lost');
  sockets.at(-1)?.tell([]);
  sockets.at(-1)?.onclose?.({ code: 4401 });
  expect([phone.standing, phone.said]).toEqual(['off', 'The session has ended.']);
});

test('why a call ended is said where it is no hanging up of one of the two', () => {
  const over = { leg: 'l', number: '2102', incoming: false, spoke: false, who: 'us', cause: '486 Busy Here' };
  expect(overWords(over)).toBe('2102: busy.');
  expect(overWords({ ...over, who: 'them', cause: 'bye' })).toBe('');
  expect(overWords({ ...over, incoming: true, cause: 'answered elsewhere' })).toBe('2102 was answered elsewhere.');
  expect(overWords({ ...over, who: 'nobody', spoke: true, cause: 'the connection failed' })).toContain('lost');
  expect(transferWords('486 Busy Here')).toBe('was not handed on: busy');
  expect(lineMark({ leg: 'l', incoming: true, number: '2102', state: 'speaks', held: true })).toEqual(['■', 'on hold']);
});
