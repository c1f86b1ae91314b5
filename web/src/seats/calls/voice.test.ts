import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { Voice } from './voice.svelte';

const AGAIN_MS = 3000;
const track = { stop: vi.fn(), enabled: true };
const microphone = { getTracks: () => [track] };
const getUserMedia = vi.fn(() => Promise.resolve(microphone));
let answers: Record<string, () => Promise<Response>>; // by path

class Peer {
  static made: Peer[] = [];
  constructor() {
    Peer.made.push(this);
  }
  iceGatheringState = 'complete';
  localDescription = { sdp: 'offer' };
  setLocalDescription = (): Promise<void> => Promise.resolve();
  addTrack = vi.fn();
  close = vi.fn();
}

const said = (status: number, body: unknown) => (): Promise<Response> => Promise.resolve(new Response(JSON.stringify(body), { status }));
const silent = (): Promise<Response> => Promise.reject(new TypeError('no link'));

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia } });
  vi.stubGlobal('RTCPeerConnection', Peer);
  vi.stubGlobal('fetch', (path: string) => (answers[path] ?? silent)());
  getUserMedia.mockClear();
  track.stop.mockClear();
  Peer.made = [];
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('while no server says whether there is voice nothing is said of it and no microphone opened, until one does', async () => {
  answers = { '/api/voice': silent };
  const voice = new Voice();
  await voice.begin('calls:1');
  expect([voice.standing, getUserMedia.mock.calls.length]).toEqual(['none', 0]);
  answers = { '/api/voice': said(200, { here: false }) };
  await vi.advanceTimersByTimeAsync(AGAIN_MS);
  expect([voice.standing, getUserMedia.mock.calls.length]).toEqual(['none', 0]);
});

test('a server that answers again and has voice is attached to', async () => {
  answers = { '/api/voice': silent };
  const voice = new Voice();
  await voice.begin('calls:1');
  answers = { '/api/voice': said(200, { here: true }) };
  await vi.advanceTimersByTimeAsync(AGAIN_MS);
  expect([voice.standing, getUserMedia.mock.calls.length]).toEqual(['lost', 1]);
  voice.end();
});

test('a server that has no voice any more ends it: the microphone is closed and nothing is tried again', async () => {
  answers = { '/api/voice': said(200, { here: true }), '/api/voice/seat': said(409, { title: '', code: 'no_voice' }) };
  const voice = new Voice();
  await voice.begin('calls:1');
  expect([voice.standing, track.stop.mock.calls.length]).toEqual(['none', 1]);
  await vi.advanceTimersByTimeAsync(AGAIN_MS);
  expect(getUserMedia.mock.calls.length).toBe(1);
});

test('a microphone that is allowed after the seat was left is closed at once', async () => {
  answers = { '/api/voice': said(200, { here: true }) };
  let allow: (given: typeof microphone) => void = () => undefined;
  getUserMedia.mockImplementationOnce(() => new Promise((done) => (allow = done)));
  const voice = new Voice();
  const begun = voice.begin('calls:1');
  await vi.waitFor(() => expect(getUserMedia.mock.calls.length).toBe(1));
  voice.end();
  allow(microphone);
  await begun;
  expect(track.stop.mock.calls.length).toBe(1);
});

test('two who begin while one prompt waits are one beginning: one prompt, one connection, and both are told of it', async () => {
  answers = { '/api/voice': said(200, { here: true }) };
  let allow: (given: typeof microphone) => void = () => undefined;
  getUserMedia.mockImplementation(() => new Promise((done) => (allow = done)));
  const voice = new Voice();
  const told: string[] = [];
  const begun = ['one', 'other'].map((name) => voice.begin('calls:1').then(() => told.push(name)));
  await vi.waitFor(() => expect(getUserMedia.mock.calls.length).toBe(1));
  begun.push(voice.begin('calls:1').then(() => told.push('late')));
  expect(told).toEqual([]);
  allow(microphone);
  await Promise.all(begun);
  expect([told, getUserMedia.mock.calls.length, Peer.made.length]).toEqual([['one', 'other', 'late'], 1, 1]);
  voice.end();
});

test('who ends and begins again while the prompt waits has one prompt and one connection', async () => {
  answers = { '/api/voice': said(200, { here: true }) };
  let allow: (given: typeof microphone) => void = () => undefined;
  getUserMedia.mockImplementation(() => new Promise((done) => (allow = done)));
  const voice = new Voice();
  const first = voice.begin('calls:1');
  await vi.waitFor(() => expect(getUserMedia.mock.calls.length).toBe(1));
  voice.end();
  const second = voice.begin('calls:1');
  await vi.advanceTimersByTimeAsync(1);
  allow(microphone);
  await Promise.all([first, second]);
  expect([getUserMedia.mock.calls.length, Peer.made.length, track.stop.mock.calls.length]).toEqual([1, 1, 0]);
  voice.end();
});
