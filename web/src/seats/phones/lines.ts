// What a line of the softphone is, and why the last one ended, in words.
import type { LineOver, SoftphoneLine } from '../../api/types';

const STATES: Record<SoftphoneLine['state'] & string, [string, string]> = {
  rings: ['▲', 'calls you'],
  connecting: ['◌', 'connecting'],
  dialled: ['◌', 'is called'],
  rings_there: ['◔', 'it rings there'],
  speaks: ['●', 'speaks with you'],
};

/** Shape and words of a line. */
export function lineMark(line: SoftphoneLine): [string, string] {
  return line.held === true ? ['■', 'on hold'] : STATES[line.state ?? 'dialled'];
}

const CODES: Record<string, string> = {
  '403': 'the dial plan does not permit it', '404': 'there is no such number', '480': 'nobody answers', '482': 'forwarding leads in a circle',
  '484': 'the number is not complete', '486': 'busy', '503': 'no line was free, or it could not be written down', '603': 'declined',
};

/** Why the last line ended; '' where there is nothing to say: one of the two hung up. */
export function overWords(over: LineOver | null | undefined): string {
  if (over === null || over === undefined) return '';
  if (over.who === 'nobody') return `${over.number}: the voice was lost. Call again.`;
  const code = CODES[over.cause.slice(0, 3)];
  if (over.who === 'us' && code !== undefined && !over.incoming) return `${over.number}: ${code}.`;
  if (over.incoming && !over.spoke && over.who === 'us') return over.cause === 'answered elsewhere' ? `${over.number} was answered elsewhere.` : `${over.number} called; nobody answered here.`;
  if (over.cause === 'handed on') return `${over.number} was handed on.`;
  if (over.cause === 'parked') return `${over.number} is parked.`;
  return '';
}

export const transferWords = (said: string): string =>
  said === '' ? '' : said === 'asked' ? 'is being handed on' : said === 'rings' ? 'is being handed on: it rings there' : `was not handed on: ${CODES[said.slice(0, 3)] ?? said}`;
