// The gap between who is needed and who is signed on, in words. Pure.
import type { Given, NeededHour, Staffing } from '../../api/types';

const PER_CENT = 100;

/** Of both kinds of people the worst hour, or that there are enough; what few call takers come to is said in shares. */
export function gapInWords(told: Staffing, zone: string): string {
  if (told.hours.length === 0) return 'No forecast yet.';
  const takers = lack(told.hours, (one) => one.call_takers, told.call_takers.length, 'call taker', zone);
  const senders = lack(told.hours, (one) => one.dispatchers, told.dispatchers.length, 'dispatcher', zone);
  if (takers === undefined && senders === undefined) return 'Enough call takers and dispatchers are signed on for every hour ahead.';
  const worst = told.hours.reduce((least, one) => (one.answered_in_time < least.answered_in_time ? one : least));
  const share = takers === undefined ? '' : ` With those signed on ${Math.floor(worst.answered_in_time * PER_CENT)} % would be answered in time in that hour, and ${Math.ceil(worst.hang_up * PER_CENT)} % might hang up.`;
  return `${[takers, senders].filter((one) => one !== undefined).join('; ')}.${share}`;
}

function lack(hours: readonly NeededHour[], needed: (one: NeededHour) => number, there: number, who: string, zone: string): string | undefined {
  const worst = hours.reduce((most, one) => (needed(one) > needed(most) ? one : most), hours[0] as NeededHour);
  const gap = needed(worst) - there;
  if (gap <= 0) return undefined;
  const at = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: zone }).format(worst.at);
  return `${gap} ${who}${gap === 1 ? '' : 's'} too few at ${at}`;
}

/** `a call takes a call taker: 142 s, measured on 311`. */
export function givenInWords(one: Given): string {
  const value = Math.round(one.value * 10) / 10;
  return `${one.name}: ${value}${one.unit === '' ? '' : ` ${one.unit}`}, ${one.known === 'measured' ? `measured on ${one.n}` : 'assumed'}`;
}
