// Sounds, made here: two tones again and again for a responder in danger, one for an alarm, two short ones for a ring.
type Sound = 'emergency' | 'alarm' | 'ring';

const TONES: Record<Sound, [number, number, number][]> = { // hertz, from, seconds
  emergency: [[880, 0, 0.18], [660, 0.2, 0.18], [880, 0.4, 0.18], [660, 0.6, 0.18]],
  alarm: [[660, 0, 0.25]],
  ring: [[520, 0, 0.08], [620, 0.12, 0.08]],
};
const LOUD = 0.12;
const RAMP_S = 0.01; // no click at either end

let voice: AudioContext | undefined;

/** Whether the browser lets us be heard: it does from the first key or click on. */
export const audible = (): boolean => navigator.userActivation?.hasBeenActive ?? true;

export function play(sound: Sound): void {
  if (!audible()) return;
  voice ??= new AudioContext();
  void voice.resume();
  for (const [hertz, from, seconds] of TONES[sound]) {
    const tone = voice.createOscillator();
    const gain = voice.createGain();
    const start = voice.currentTime + from;
    tone.frequency.value = hertz;
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(LOUD, start + RAMP_S);
    gain.gain.linearRampToValueAtTime(0, start + seconds);
    tone.connect(gain).connect(voice.destination);
    tone.start(start);
    tone.stop(start + seconds);
  }
}
