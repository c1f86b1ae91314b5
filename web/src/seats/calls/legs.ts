// The line that a call came on (comms/reads): the ids it bears, what could not be read of it, how coarse its place is.
import type { CallRow } from '../../feed/rows';

const COARSE_M = 100; // more than this is no address to send anybody to

export interface LegRow {
  leg: string;
  call: string;
  line: '911' | 'admin' | 'test';
  state: 'offered' | 'answered';
  name: string;
  call_urn: string;
  incident_urn: string;
  minted: string[]; // of the two ids those that are ours, because none came
  flags: string[];
  codec: string;
  languages?: string[]; // tags of BCP 47, the most wanted first; absent where nothing was said
  texts: TextLine[];
  parties: { party: string; role: string }[];
}

/** What one side wrote in one go; `by` is the seat, '' for the caller. `delivered` is null while nothing is known of it. */
export interface TextLine {
  by: string;
  channel: 't140' | 'msrp' | 'message';
  text: string;
  at: number;
  number: number;
  delivered: boolean | null;
  why: string;
}

/** A call with what its row says of how well its place is known. */
export interface PlacedCall extends CallRow {
  quality?: string;
  uncertainty_m?: number;
}

/** The leg of a call; of the one that has rung longest while none is chosen. */
export function legOf(legs: readonly LegRow[], calls: readonly CallRow[], chosen: string): LegRow | undefined {
  const ringing = calls.filter((call) => call.state === 'presented').sort((a, b) => a.received_at - b.received_at);
  const wanted = chosen !== '' ? chosen : ringing[0]?.call;
  return legs.find((leg) => leg.call !== '' && leg.call === wanted);
}

/** Whether a call is written: something was, or it was answered and has no voice. */
export function isWritten(leg: LegRow): boolean {
  return leg.texts.length > 0 || (leg.state === 'answered' && leg.codec === '');
}

/** What became of what a seat wrote, in a mark and words; real-time text nobody acknowledges. */
export function became(line: TextLine): { mark: '✓' | '✕' | '›'; words: string } {
  if (line.delivered === false) return { mark: '✕', words: `not delivered: ${line.why}` };
  if (line.delivered === true) return { mark: '✓', words: 'delivered' };
  return { mark: '›', words: line.channel === 't140' ? 'sent' : 'sent, not acknowledged yet' };
}

const NAMES = new Intl.DisplayNames(['en'], { type: 'language' });

/** `Spanish, Basque, English`: in what a caller wants to be served, the most wanted first; '' where unsaid. */
export function languagesOf(leg: LegRow): string {
  return (leg.languages ?? []).map(nameOf).join(', ');
}

function nameOf(tag: string): string {
  try {
    return NAMES.of(tag) ?? tag;
  } catch {
    return tag; // it has the shape of a tag, and is none
  }
}

/** `±850 m, cell` where a place is too coarse to send anybody to; '' where it is not. */
export function coarse(call: PlacedCall): string {
  if (call.x === null || call.uncertainty_m === undefined || call.uncertainty_m <= COARSE_M) return '';
  return `±${call.uncertainty_m} m${call.quality ? `, ${call.quality}` : ''}`;
}
