import { expect, test } from 'vitest';

import type { CallRow } from '../../feed/rows';
import { became, coarse, isWritten, languagesOf, legOf, type LegRow, type PlacedCall, type TextLine } from './legs';

const leg = (name: string, call: string): LegRow => ({ leg: name, call }) as LegRow;
const call = (name: string, received_at: number): CallRow => ({ call: name, state: 'presented', received_at }) as CallRow;

test('the leg is that of the chosen call, else of the one that has rung longest', () => {
  const legs = [leg('admin', ''), leg('l1', 'a'), leg('l2', 'b')];
  const calls = [call('b', 9), call('a', 5)];
  expect(legOf(legs, calls, 'b')?.leg).toBe('l2');
  expect(legOf(legs, calls, '')?.leg).toBe('l1');
  expect(legOf(legs, [], '')).toBeUndefined(); // a leg without a call is nobody's
});

test('a place that is known within a street is not coarse, a cell is', () => {
  const at = (uncertainty_m: number, x: number | null = 1): PlacedCall => ({ x, uncertainty_m, quality: 'cell' }) as PlacedCall;
  expect([coarse(at(850)), coarse(at(100)), coarse(at(850, null))]).toEqual(['±850 m, cell', '', '']);
});

test('the languages of a caller are named, the most wanted first; what is no tag stands as it came', () => {
  expect(languagesOf({ languages: ['es', 'es-MX', 'abcd'] } as LegRow)).toBe('Spanish, Mexican Spanish, abcd');
  expect(languagesOf({} as LegRow)).toBe('');
});

test('a call is written when something was, or when it has no voice', () => {
  const one = (fields: Partial<LegRow>): LegRow => ({ state: 'answered', codec: 'PCMU', texts: [], ...fields }) as LegRow;
  expect(isWritten(one({}))).toBe(false);
  expect(isWritten(one({ state: 'offered', codec: '' }))).toBe(false);
  expect(isWritten(one({ codec: '' }))).toBe(true);
  expect(isWritten(one({ texts: [{} as TextLine] }))).toBe(true);
});

test('what did not arrive says so and why; what nobody acknowledges is not said to have arrived', () => {
  const line = (fields: Partial<TextLine>): TextLine => ({ channel: 'msrp', delivered: null, why: '', ...fields }) as TextLine;
  expect(became(line({ delivered: false, why: '408 no answer' }))).toEqual({ mark: '✕', words: 'not delivered: 408 no answer' });
  expect(became(line({ delivered: true })).mark).toBe('✓');
  expect(became(line({})).words).toBe('sent, not acknowledged yet');
  expect(became(line({ channel: 't140' }))).toEqual({ mark: '›', words: 'sent' });
});
