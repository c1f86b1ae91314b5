// A box in words: how far a message has played, and how its PIN stands.
import type { MyPin } from '../../api/types';

/** Seconds as `1:05`, whole ones; a part of the first one counts as one. */
export function played(seconds: number): string {
  const whole = seconds < 1 ? Math.ceil(seconds) : Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

export function pinWords(pin: MyPin | null): string {
  if (pin === null) return 'The box opens at your own phones alone. With a PIN it opens at any phone: call it, and press * while it greets.';
  const where = pin.always ? 'Every phone asks the PIN.' : 'Other phones ask the PIN; your own do not.';
  if (pin.wrong === 0) return where;
  const wrong = `${pin.wrong} wrong ${pin.wrong === 1 ? 'PIN was' : 'PINs were'} pressed since it was last right`;
  return `${where} ${wrong}${pin.closed ? '; the box is closed to other phones for now. A new PIN opens it' : ''}.`;
}
