// Who has the microphone of this browser: a Calls seat before every softphone, and one softphone at a time.
const CALLS = 'redstick-voice-calls';
const SOFTPHONE = 'redstick-voice-softphone';
const nothing = (): void => undefined;

/** A Calls seat speaks here until what is returned is called; a softphone that is on goes off. */
export function ownForCalls(): () => void {
  const { locks } = navigator;
  if (locks === undefined) return nothing; // without a secure page there is no microphone either
  let release = nothing;
  const held = new Promise<void>((done) => (release = done));
  void locks.request(CALLS, { mode: 'shared' }, () => held);
  void locks.request(SOFTPHONE, { steal: true }, nothing);
  return release;
}

/** A softphone has it until what is returned is called, or a Calls seat takes it (`lost`); undefined: somebody speaks here. */
export async function ownForSoftphone(lost: () => void): Promise<(() => void) | undefined> {
  const { locks } = navigator;
  if (locks === undefined) return nothing;
  if (await callsHere()) return undefined;
  let release = nothing;
  const held = new Promise<void>((done) => (release = done));
  const got = await new Promise<boolean>((told) => {
    locks.request(SOFTPHONE, { ifAvailable: true }, (lock) => {
      told(lock !== null);
      return lock === null ? undefined : held;
    }).catch(lost); // it was stolen
  });
  if (got && (await callsHere())) { // it came in between
    release();
    return undefined;
  }
  return got ? release : undefined;
}

const callsHere = async (): Promise<boolean> => ((await navigator.locks.query()).held ?? []).some((one) => one.name === CALLS);
